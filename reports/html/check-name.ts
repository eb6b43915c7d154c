import { type Asked, checkTitle } from '../../harness/model/checks.ts';
import { isolated, type Markup, markup } from './markup/markup.ts';

/** The title of a check and its subject. */
export const checkName = ({ check, of }: Asked): Markup =>
  markup`${isolated(checkTitle(check))}${of === undefined ? '' : markup`: ${isolated(of)}`}`;
