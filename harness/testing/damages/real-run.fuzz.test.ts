import { drawCases } from '../fuzz-cases.ts';
import { testDamages } from './damage-tests.ts';
import { realRun } from './passing.ts';

// A real recording takes four times as long to judge as a synthetic one, so the hermetic tests try only a tenth of its
// damages.
testDamages(realRun, drawCases);
