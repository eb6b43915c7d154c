/** Files by their path, each as its lines. */
export interface Files {
  [path: string]: string[];
}
