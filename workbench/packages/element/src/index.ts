// @vermilion/element: importing it defines <vermilion-composer>.
import { define } from "./composer.js";

export { define, VermilionComposer } from "./composer.js";
export { SuggestionMenu, type MenuEvents } from "./menu.js";

define();
