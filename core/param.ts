export const PARAM_TYPES = ['string', 'number', 'boolean', 'enum', 'list', 'secret'] as const;
export type ParamType = (typeof PARAM_TYPES)[number];

/** A parameter as a file declares it: what a person is asked for before a run. */
export interface ParamDeclaration {
  name: string;
  type: ParamType;
  /** As `--param` takes it; of a list its parts. Null: there is none. */
  default: string | string[] | null;
  /** RE2 pattern of a string. */
  match: string | null;
  /** Of an enum. */
  values: string[];
  required: boolean;
  description: string | null;
}
