import { drawCases } from '../fuzz-cases.ts';
import { testDamages } from './damage-tests.ts';
import { realRun } from './passing.ts';

// A real recording takes four times as long to judge as a synthetic one: the hermetic tests try a tenth of its damages.
testDamages(realRun, drawCases);
