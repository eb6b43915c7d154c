/**
 * What one probe found. `fixable`: the lab works after `fix`, or works around it as the detail says; `missing`: no lab
 * can be made here as things stand.
 */
export interface DoctorLine {
  readonly name: string;
  readonly state: 'ok' | 'fixable' | 'missing';
  readonly detail: string;
  /** A command for the user's shell. */
  readonly fix?: string;
}
