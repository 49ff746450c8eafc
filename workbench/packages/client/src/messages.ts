// @vermilion/client/messages: the words for people, apart from the calls, as not every page needs them.
export { localeOf, messages, type Locale, type MessageKey, type Messages, type Words } from "./catalogue/index.js";
