'use strict';

// The playground: GraphiQL with ready examples, in a side pane or, where the screen is narrow, in a menu above.
(() => {
  const {createElement, useEffect, useRef} = React;
  const {useEditorContext, useExecutionContext, PluginContextProvider} = GraphiQL.React;
  const must = {nonNull: true};
  const paneKey = 'playground:examples'; // "closed" once the reader has closed the list
  const narrow = window.matchMedia('(max-width: 760px)');

  let examples = [];

  // Where a browser keeps nothing, for one that was told to refuse, the playground works all the same.
  const kept = (() => {
    try {
      return window.localStorage;
    } catch {
      return null;
    }
  })();

  const isBlank = text => text.trim() === '';
  const matching = query => examples.find(example => example.query === query);

  function operationOf(example) {
    const {parse, Kind} = GraphiQL.GraphQL;
    const operation = parse(example.query).definitions.find(d => d.kind === Kind.OPERATION_DEFINITION);
    return operation?.name?.value;
  }

  // GraphiQL has no call for these two: its own buttons do them.
  function showVariables() {
    document.querySelector('.graphiql-editor-tools [data-name="variables"]:not(.active)')?.click();
  }

  function hidePane() {
    document.querySelector('.graphiql-sidebar [aria-label^="Hide "]')?.click();
  }

  // useExamples returns the example that the editor holds, and how to choose another one: in the tab that has it
  // already, else in place of an example that nobody has touched, else in a new tab, so that no work is lost.
  function useExamples() {
    const editor = useEditorContext(must);
    const {run, stop} = useExecutionContext(must);
    const {queryEditor, variableEditor, responseEditor, tabs, activeTabIndex} = editor;

    function choose(example) {
      if (!queryEditor || !variableEditor || !responseEditor) {
        return;
      }
      stop();
      const present = queryEditor.getValue();
      const open = tabs.findIndex((tab, i) => (i === activeTabIndex ? present : tab.query) === example.query);
      if (open >= 0) {
        if (open !== activeTabIndex) {
          ReactDOM.flushSync(() => editor.changeTab(open));
        }
      } else {
        if (!isBlank(present) && !matching(present)) {
          ReactDOM.flushSync(() => editor.addTab());
        }
        queryEditor.setValue(example.query);
        variableEditor.setValue(example.variables ?? '');
        responseEditor.setValue('');
      }
      if (example.variables) {
        showVariables();
      }
      if (narrow.matches) {
        hidePane(); // it covers the editor there
      }
      editor.setOperationName(operationOf(example));
      document.getElementById('status').textContent = `Example in the editor: ${example.title}`;
      run();
    }

    return {current: matching(tabs[activeTabIndex]?.query), choose};
  }

  // -- the side pane -------------------------------------------------------------------------------------------

  function ExampleList() {
    const {current, choose} = useExamples();
    const item = example => {
      const link = {
        href: `/playground?example=${encodeURIComponent(example.name)}`,
        'aria-current': example === current ? 'true' : undefined,
        onClick(event) {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
            return; // a new tab or window of the browser
          }
          event.preventDefault();
          choose(example);
        },
      };
      return createElement('li', {key: example.name},
        createElement('a', link,
          createElement('strong', null, example.title),
          createElement('span', null, example.explanation)));
    };
    return createElement('section', {'aria-label': 'Examples'},
      createElement('h2', {className: 'examples-title'}, 'Examples'),
      createElement('ul', {className: 'examples'}, examples.map(item)));
  }

  function ExampleIcon(props) {
    const drawn = {viewBox: '0 0 20 20', fill: 'none', stroke: 'currentColor', strokeWidth: 1.5};
    return createElement('svg', {...drawn, ...props},
      createElement('path', {d: 'M3 4.5h2M3 10h2M3 15.5h2M8 4.5h9M8 10h9M8 15.5h9'}));
  }

  const pane = {title: 'Examples', icon: ExampleIcon, content: ExampleList};
  const plugins = [pane];

  // -- the menu above, and the first run -----------------------------------------------------------------------

  function ExampleMenu() {
    const {current, choose} = useExamples();
    const select = {
      'aria-label': 'Examples',
      value: current?.name ?? '',
      onChange(event) {
        choose(examples.find(example => example.name === event.target.value));
      },
    };
    const menu = createElement('select', select,
      createElement('option', {value: '', disabled: true}, 'Examples…'),
      examples.map(({name, title}) => createElement('option', {key: name, value: name}, title)));
    return ReactDOM.createPortal(menu, document.getElementById('example-menu'));
  }

  // FirstRun readies the editor and runs what the page opens with, once, if it is an example: what a reader wrote is
  // theirs to run.
  function FirstRun() {
    const {queryEditor, variableEditor, responseEditor} = useEditorContext(must);
    const {run} = useExecutionContext(must);
    const done = useRef(false);
    useEffect(() => {
      if (done.current || !queryEditor || !variableEditor || !responseEditor) {
        return;
      }
      done.current = true;
      queryEditor.setOption('lineWrapping', true);
      for (const editor of [queryEditor, variableEditor]) {
        editor.addKeyMap({Tab: false, 'Shift-Tab': false}); // leave the editor: no trap for who has only a keyboard
      }
      if (matching(queryEditor.getValue())) {
        run();
      }
    });
    return null;
  }

  // -- the page ------------------------------------------------------------------------------------------------

  // Page sets the visible pane before GraphiQL first renders: GraphiQL hides a pane that it does not see then.
  function Page({opened, visible}) {
    const [ready, setReady] = React.useState(false);
    useEffect(() => setReady(true), []);
    if (!ready) {
      return createElement(PluginContextProvider, {plugins, visiblePlugin: visible}, null);
    }
    const props = {
      fetcher,
      plugins,
      visiblePlugin: visible,
      onTogglePluginVisibility: remember,
      defaultQuery: examples[0]?.query ?? '',
      isHeadersEditorEnabled: false,
      shouldPersistHeaders: false,
      inputValueDeprecation: true,
      schemaDescription: true,
      query: opened?.query ?? '',
      variables: opened?.variables ?? '',
    };
    if (!kept) {
      props.storage = null;
    }
    return createElement(GraphiQL, props,
      createElement(GraphiQL.Logo, null, createElement('span', null, 'GraphiQL')),
      createElement(ExampleMenu),
      createElement(FirstRun));
  }

  function remember(plugin) {
    if (!narrow.matches) {
      kept?.setItem(paneKey, plugin === pane ? 'open' : 'closed');
    }
  }

  const fetcher = GraphiQL.createFetcher({
    url: '/graphql',
    subscriptionUrl: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    enableIncrementalDelivery: false,
  });

  // lastOpen is the tab that was open when the reader left. GraphiQL keeps its query and its variables apart as well,
  // and would join those of two tabs.
  function lastOpen() {
    try {
      const {tabs, activeTabIndex} = JSON.parse(kept.getItem('graphiql:tabState'));
      return tabs[activeTabIndex];
    } catch {
      return undefined;
    }
  }

  async function start() {
    const answer = await fetch('/playground/examples.json');
    if (answer.ok) {
      examples = await answer.json();
    }
    const named = examples.find(({name}) => name === new URLSearchParams(location.search).get('example'));
    const opened = named ?? lastOpen() ?? examples[0];
    const closed = narrow.matches || kept?.getItem(paneKey) === 'closed' ||
      kept?.getItem('graphiql:docExplorerFlex') === 'hide-first'; // dragged shut
    ReactDOM.createRoot(document.getElementById('playground'))
      .render(createElement(Page, {opened, visible: closed ? null : pane}));
  }

  start().catch(error => {
    document.getElementById('note').textContent = `The playground could not start: ${error.message}`;
  });
})();
