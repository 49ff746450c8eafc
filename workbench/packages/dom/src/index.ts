// @vermilion/dom: what the package offers.
export { attach, Session, type AttachOptions, type SkippedPart } from "./session.js";
export type { SessionState } from "./checker.js";
export { Mark } from "./mark.js";
export { IgnoreList } from "./ignore.js";
export type { EditorAdapter } from "./editable.js";
export type { RangeEdit, Reading } from "./reading.js";
export { serialize, type SerializeOptions } from "./serialize.js";
export type { Ink } from "./paint.js";
export type { Clause, FieldFinding, FieldPoint, FieldPolish, Review } from "./polish.js";
export type { DiffPart } from "./clauses.js";
export { quillEditor, tinymceEditor, tiptapEditor, type QuillLike, type TinymceLike, type TiptapLike } from "./editors.js";
