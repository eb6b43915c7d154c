import { type Edit, lines, oneAfterAnother, replaced } from './edit.ts';

const events = /^events/;

/** Watches StatefulSets too. Older recorders did not, and their recordings stay unchanged. */
export const watchingStatefulSets: Edit = (files) => {
  const file = JSON.parse(files['arm.json']?.join('\n') ?? '{}') as { readonly recorded?: readonly string[] };
  if (!file.recorded) return files;
  const shown = lines(events, (all) =>
    all.flatMap((line) =>
      line.includes('"type":"alive","subject":"deployment"')
        ? [line, line.replace('"subject":"deployment"', '"subject":"statefulset"')]
        : [line],
    ),
  );
  return { ...shown(files), 'arm.json': [JSON.stringify({ ...file, recorded: [...file.recorded, 'statefulset'] })] };
};

/** The owner of the pods is a StatefulSet instead of a Deployment. */
export const ownedByStatefulSet: Edit = (files) => {
  const watching = watchingStatefulSets(files);
  if (watching === files) return files;
  return oneAfterAnother(
    replaced(events, '"source":"deployment"', '"source":"statefulset"'),
    replaced(events, '"kind":"Deployment"', '"kind":"StatefulSet"'),
    // The plan of an older recorder.
    replaced(events, /"plan":\{"deployment":"([\w-]+)"/g, '"plan":{"owner":{"kind":"StatefulSet","name":"$1"}'),
  )(watching);
};
