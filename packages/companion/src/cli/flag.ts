/** One flag as data: parsing, help and the reference documentation are all made from it. */
export type Flag =
  | { readonly type: 'switch'; readonly description: string; readonly negatable?: true }
  | {
      readonly type: 'text';
      readonly placeholder: string;
      readonly description: string;
      readonly repeatable?: true;
    }
  /** Milliseconds once parsed. */
  | {
      readonly type: 'duration';
      readonly placeholder: string;
      readonly description: string;
      readonly default: number;
    }
  | {
      readonly type: 'count';
      readonly placeholder: string;
      readonly description: string;
      readonly default: number;
    }
  | {
      readonly type: 'choice';
      readonly choices: readonly string[];
      /** Default: the flag's name. */
      readonly placeholder?: string;
      readonly description: string;
      readonly repeatable?: true;
    };

/** By name, without the dashes. */
export type Flags = Readonly<Record<string, Flag>>;

type FlagValue<F extends Flag> = F extends { type: 'switch'; negatable: true }
  ? boolean | undefined
  : F extends { type: 'switch' }
    ? boolean
    : F extends { type: 'text'; repeatable: true }
      ? readonly string[]
      : F extends { type: 'text' }
        ? string | undefined
        : F extends { type: 'choice'; repeatable: true; choices: readonly (infer Choice)[] }
          ? readonly Choice[]
          : F extends { type: 'choice'; choices: readonly (infer Choice)[] }
            ? Choice | undefined
            : number;

/** What parsing makes of flags. A flag with a default always has a value. */
export type FlagValues<F extends Flags> = { readonly [Name in keyof F]: FlagValue<F[Name]> };
