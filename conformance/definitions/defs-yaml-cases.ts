/**
 * Component files that both sides load: the component `parts.Chain` makes one asset for each name, each reading the
 * one before, two assets of one op, and an external asset. What a case cannot say in both languages is left out.
 */
export interface DefsYamlCase {
  readonly title: string;
  /** `chain/defs.yaml` below its two first lines, which name the component and its assets. */
  readonly file?: string;
  /** Names of the assets. Default: `[a, p/b]`. */
  readonly names?: string;
  /** `defs.yaml` of the folder around it. */
  readonly folder?: string;
  /** The YAML of Dagster 1.12 cannot say it: it knows no `dg`, and takes numbers for no text. */
  readonly since113?: boolean;
  /** `chain/vars`, or `vars` beside the folder's file, in both languages. */
  readonly vars?: "chain" | "folder" | "none" | "failing" | "two arguments";
}

const assets = (...entries: readonly string[]): string =>
  `post_processing:\n  assets:\n${entries.map((entry) => `    - ${entry}\n`).join("")}`;
const attributes = (text: string, target = "*"): string =>
  assets(`{target: '${target}', attributes: {${text}}}`);

export const defsYamlCases: readonly DefsYamlCase[] = [
  { title: "nothing more" },
  {
    title: "tags and metadata are merged",
    since113: true,
    file: attributes("tags: {n: 2, t: x}, metadata: {k: 5, m: z}"),
  },
  {
    title: "tags are replaced",
    since113: true,
    file: assets(
      "{operation: replace, target: 'key:a or key:p/b', attributes: {tags: {n: '2'}, metadata: {k: 5}}}",
    ),
  },
  { title: "kinds", since113: true, file: attributes("kinds: [py], tags: {z: '1'}", "key:a") },
  { title: "kinds with replace", file: assets("{operation: replace, attributes: {kinds: [py]}}") },
  {
    title: "text fields",
    file: attributes("group_name: gg, owners: ['team:y'], description: new", "key:p/b"),
  },
  { title: "dependencies", file: attributes("deps: [zzz, a]", "key:p/b") },
  { title: "code version", file: attributes("code_version: v9", "key:p/b") },
  {
    title: "a group is taken back",
    file: attributes("group_name: null, description: null, tags: {}, kinds: []"),
  },
  {
    title: "what templates know of the asset",
    file: attributes(
      "description: \"{{ asset.key.path[-1] }} {{ asset.group_name }} {{ asset.key.to_user_string() }} {{ asset.tags.t }} {{ asset.metadata['m'] }} {{ asset.key.has_prefix(['p']) }} {{ asset.owners }} {{ asset.code_version }} {{ asset.partitions_def }}\"",
      "group:g",
    ).replaceAll("'group:g'", '"group:g"'),
  },
  {
    title: "a template inside metadata",
    file: assets('{target: "group:g", attributes: {metadata: {n: {a: [1, "{{ asset.key.path[0] }}"]}}}}'),
  },
  {
    title: "conditions",
    since113: true,
    file: assets(
      '{target: "group:g", attributes: {automation_condition: "{{ dg.AutomationCondition.eager() }}"}}',
    ),
  },
  {
    title: "freshness",
    since113: true,
    file: assets(
      "{attributes: {freshness_policy: \"{{ dg.FreshnessPolicy.cron(deadline_cron='0 1 * * *', lower_bound_delta=datetime.timedelta(hours=1)) }}\"}}",
    ),
  },
  {
    title: "daily partitions",
    file: assets(
      "{target: 'group:g', attributes: {partitions_def: {type: daily, start_date: '2026-01-01', hour_offset: 3}}}",
    ),
  },
  {
    title: "static partitions",
    file: assets("{target: 'group:g', attributes: {partitions_def: {type: static, partition_keys: [x, y]}}}"),
  },
  {
    title: "partitions by cron",
    file: assets(
      "{target: 'group:g', attributes: {partitions_def: {type: time_window, start_date: '2026-01-01', cron_schedule: '0 0 * * 1', fmt: '%Y-%m-%d', timezone: Europe/Paris}}}",
    ),
  },
  {
    title: "partitions from a template",
    since113: true,
    file: assets(
      "{target: 'group:g', attributes: {partitions_def: \"{{ dg.StaticPartitionsDefinition(['k']) }}\"}}",
    ),
  },
  {
    title: "one after the other",
    since113: true,
    file: assets(
      "{attributes: {group_name: first, tags: {o: '1'}}}",
      "{target: 'group:first', attributes: {group_name: second, tags: {o: '2'}}}",
    ),
  },
  {
    title: "upstream of a target",
    file: attributes("group_name: up", '+key:\\"p/b\\"').replace(/target: '([^']*)'/, 'target: "$1"'),
  },
  { title: "no asset is meant", file: attributes("group_name: x", "key:nope") },
  { title: "an empty mapping", file: "post_processing: {}\n" },
  { title: "null", file: "post_processing:\n" },
  { title: "the key cannot change", file: attributes("key: zz") },
  { title: "unknown attribute", file: attributes("grup: zz") },
  { title: "unknown section", file: "post_processing:\n  assts: []\n" },
  { title: "no attributes", file: assets("{target: 'key:a'}") },
  { title: "a target that cannot be read", file: attributes("group_name: x", "key:") },
  { title: "an asset that is not there", file: attributes("group_name: x", "nope") },
  { title: "a tag that cannot be", file: attributes("tags: {'a b': '1'}") },
  { title: "an unknown operation", file: assets("{operation: add, attributes: {group_name: x}}") },
  { title: "a template as target", file: attributes("group_name: x", '{{ "key:a" }}') },
  { title: "a folder's targets", folder: attributes("group_name: folder", "+p/b") },
  {
    title: "a folder after its component",
    file: attributes("group_name: own, tags: {by: own}"),
    folder: attributes("tags: {by: folder}", "group:own"),
  },
  { title: "requirements", file: "requirements: {env: [NOT_SET_HERE]}\n" },
  { title: "requirements of another shape", file: "requirements: {env: NOT_SET_HERE}\n" },
  { title: "no requirements", file: "requirements:\n" },
  {
    title: "variables",
    vars: "chain",
    file: "template_vars_module: .vars\n",
    names: "['{{ name }}', '{{ folder_name }}', \"{{ join('q') }}\", \"{{ join('q', 'z') }}\"]",
  },
  {
    title: "a list as variable",
    vars: "chain",
    file: "template_vars_module: .vars\n",
    names: "'{{ listed }}'",
  },
  {
    title: "variables in post processing",
    vars: "chain",
    file: `template_vars_module: .vars\n${attributes('description: "{{ join(asset.key.path[0]) }}", partitions_def: "{{ parts }}"', "group:g")}`,
  },
  {
    title: "variables of the folder",
    vars: "folder",
    folder: "template_vars_module: .vars\n",
    names: "['{{ name }}']",
  },
  {
    title: "a variable takes the name of another",
    vars: "chain",
    file: "template_vars_module: .vars\n",
    names: "['{{ env }}']",
  },
  { title: "a module without variables", vars: "none", file: "template_vars_module: .vars\n" },
  { title: "a module that is not there", file: "template_vars_module: .vars\n" },
  { title: "a variable that throws", vars: "failing", file: "template_vars_module: .vars\n" },
  { title: "a variable with two arguments", vars: "two arguments", file: "template_vars_module: .vars\n" },
  {
    title: "an unknown variable",
    vars: "chain",
    file: "template_vars_module: .vars\n",
    names: "['{{ nothing }}']",
  },
  { title: "an unknown key", file: "post_procesing: {}\n" },
];
