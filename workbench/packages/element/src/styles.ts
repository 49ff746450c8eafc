// How the menu and the status line look: paper, ink, and red for marks alone. Every value is a custom property of the page's choice.
export const STYLES = `
:host { display: block; position: relative; }
:host([hidden]) { display: none; }
.status {
  display: flex; flex-wrap: wrap; gap: 2px 12px; min-height: 20px; margin-top: 6px;
  font: var(--vermilion-font, 13px/20px system-ui, sans-serif); color: var(--vermilion-ink-3, light-dark(#6e6860, #9c958b));
}
.status:not(:has(:not([hidden]))) { visibility: hidden; }
button { font: inherit; color: inherit; background: none; border: 0; margin: 0; padding: 0; text-align: inherit; cursor: pointer; }
.status button { text-decoration: underline; text-underline-offset: 3px; text-decoration-color: var(--vermilion-edge, light-dark(#8d877d, #7d766c)); }
.status .ask { color: var(--vermilion-ink-2, light-dark(#57524b, #b9b3a9)); }
.menu {
  position: fixed; inset: auto; margin: 0; padding: 6px; box-sizing: border-box; width: max-content; min-width: 220px; max-width: min(340px, 100vw - 16px);
  max-height: min(420px, 100vh - 16px); overflow: auto; border: 1px solid var(--vermilion-rule, light-dark(#e7e3dc, #33302c)); border-radius: 10px;
  background: var(--vermilion-sheet, light-dark(#ffffff, #262421)); color: var(--vermilion-ink, light-dark(#1c1a17, #ece8e1));
  box-shadow: 0 8px 28px #0000002e; font: var(--vermilion-font, 13px/20px system-ui, sans-serif);
}
.menu .why { padding: 4px 10px 6px; font-size: 12px; color: var(--vermilion-ink-3, light-dark(#6e6860, #9c958b)); }
.menu .none { padding: 4px 10px 8px; color: var(--vermilion-ink-2, light-dark(#57524b, #b9b3a9)); }
.menu button { display: flex; justify-content: space-between; align-items: center; gap: 24px; width: 100%; min-height: 30px; padding: 0 10px; border-radius: 6px; }
.menu button.best { min-height: 40px; font-size: 18px; line-height: 28px; font-weight: 600; letter-spacing: -0.012em; }
.menu button:hover { background: var(--vermilion-wash, light-dark(#f2f0eb, #37332f)); }
.menu button:focus-visible, .status button:focus-visible { outline: 2px solid var(--vermilion-ink, light-dark(#1c1a17, #ece8e1)); outline-offset: -2px; }
.menu button:focus { background: var(--vermilion-wash, light-dark(#f2f0eb, #37332f)); }
.menu kbd { font: inherit; font-size: 12px; font-weight: 400; letter-spacing: 0; color: var(--vermilion-ink-3, light-dark(#6e6860, #b9b3a9)); }
.menu hr { height: 1px; margin: 6px 10px; border: 0; background: var(--vermilion-rule, light-dark(#e7e3dc, #33302c)); }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (pointer: coarse) { .menu button { min-height: 44px; } .menu button.best { min-height: 52px; font-size: 20px; } .menu kbd { display: none; } }
@media (forced-colors: active) { .menu { border-color: CanvasText; } }
`;
