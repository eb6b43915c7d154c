/** Files by path, each as a list of lines. */
export interface Files {
  [path: string]: string[];
}
