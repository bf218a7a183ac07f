// The package declares its modes and themes, not its snippets, which the editor's completion asks for.
declare module "ace-builds/src-noconflict/snippets/*";
