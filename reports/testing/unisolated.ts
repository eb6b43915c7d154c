/** The page without the elements that isolate names and free text. */
export const unisolated = (page: string): string =>
  page.replace(/<\/?bdi>|<tspan unicode-bidi="isolate">|<\/tspan>/g, '');
