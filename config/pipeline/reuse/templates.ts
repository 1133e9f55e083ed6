import { checkName } from '../names.ts';
import { suggest } from '../nearest.ts';
import type { Problems } from '../problems.ts';
import { splitText } from '../references.ts';
import type { WordNode } from '../shape.ts';
import type { Place } from '../source.ts';
import { findWord, listWord } from '../values.ts';
import { checkForeign } from './foreign.ts';
import type { Frame } from './frames.ts';
import { mergeStage } from './merge.ts';
import { checkNarrowing } from './narrow.ts';
import { readTemplateParams } from './template-params.ts';

interface Template {
  name: string;
  node: WordNode;
  /** What a stage takes over. */
  body: WordNode;
}

/** Templates behind templates; as deep as imports (LANGUAGE §8). */
export const MAX_DEPTH = 10;

/** The file with its stages as they are with the words of their templates. */
export function applyTemplates(problems: Problems, file: WordNode): WordNode {
  const stages = file.words.get('stage');
  const templates = declareTemplates(problems, file);
  if (!stages) return file;
  const applied = stages.map((stage) => applyTo(problems, templates, stage));
  return { ...file, words: new Map([...file.words, ['stage', applied]]) };
}

function declareTemplates(problems: Problems, file: WordNode): ReadonlyMap<string, Template> {
  const templates = new Map<string, Template>();
  for (const node of listWord(file, 'template')) {
    const [value] = node.args;
    const name = value?.value;
    if (!value || typeof name !== 'string' || !checkName(problems, 'stage', 'a template', name, value.place)) continue;
    const first = templates.get(name);
    const body = findWord(node, 'stage');
    if (node.place.source?.isForeign && body) checkForeign(problems, node, body);
    if (first) {
      problems.report('KDL011', value.place, `the template "${name}" is declared twice`, {
        related: [{ place: first.node.place, message: 'first declared here' }],
      });
    } else if (body) templates.set(name, { name, node, body });
    else {
      problems.report('KDL016', value.place, `the template "${name}" has no stage`, {
        hint: 'add inside it: stage { … }',
      });
    }
  }
  return templates;
}

function applyTo(problems: Problems, templates: ReadonlyMap<string, Template>, stage: WordNode): WordNode {
  const chain: Template[] = [];
  const frames = new Map<object, Frame>();
  const uses = new Map<object, Place>();
  let applied = stage;
  for (let call = stage; ;) {
    const template = findTemplate(problems, templates, call);
    if (!template) break;
    if (isCircle(problems, chain, template, call)) break;
    const { node, body } = template;
    const user = call;
    if (node.place.top) {
      const place = findWord(stage, 'uses')?.place ?? stage.place;
      uses.set(node.place.top, place);
      frames.set(node.place.top, {
        template: node,
        call: user,
        fill: (at, outer, inner) => readTemplateParams(at, { outer, inner }, node, user),
      });
    }
    checkNarrowing(problems, applied, body);
    applied = mergeStage(applied, body);
    chain.push(template);
    call = body;
  }
  return chain.length === 0 ? applied : { ...applied, reused: { frames, uses } };
}

function findTemplate(problems: Problems, templates: ReadonlyMap<string, Template>, call: WordNode): Template | null {
  const said = findWord(call, 'uses');
  const value = said?.args[0];
  if (!value) {
    const [lonely] = said ? [] : listWord(call, 'with');
    if (lonely) problems.report('KDL017', lonely.namePlace, '"with" belongs to "uses": this stage uses no template');
    return null;
  }
  const name = String(value.value);
  if (splitText(name).some((part) => part.kind !== 'literal')) {
    problems.report('KDL028', value.place, 'which template a stage uses is not up to a value');
    return null;
  }
  const template = templates.get(name);
  if (template) return template;
  const hint = suggest(name, [...templates.keys()]) ?? `declare it: template "${name}" { stage { … } }, or import it`;
  problems.report('KDL050', value.place, `there is no template "${name}"`, { hint });
  return null;
}

function isCircle(problems: Problems, chain: readonly Template[], next: Template, call: WordNode): boolean {
  const start = chain.indexOf(next);
  const place = findWord(call, 'uses')?.place ?? call.place;
  if (start >= 0) {
    const names = [...chain.slice(start), next].map(({ name }) => name);
    problems.report('KDL051', place, `these templates use each other: ${names.join(' → ')}`, {
      related: chain.slice(start, -1).map(({ body, name }) => ({
        place: findWord(body, 'uses')?.place ?? body.place,
        message: `used by "${name}"`,
      })),
    });
    return true;
  }
  if (chain.length < MAX_DEPTH) return false;
  problems.report('KDL051', place, `templates use templates at most ${MAX_DEPTH} deep`);
  return true;
}
