// Rules of the house that oxlint does not bring. .oxlintrc.json switches them on.
import { basename } from 'node:path';

/** Words that say nothing of what is inside; a file is named after what it exports. */
const EMPTY_WORD = /(^|[-.])(utils?|helpers?|commons?|misc|managers?|services?|repositor(y|ies))([-.]|$)/;
/** These say something beside another word (`type-id`, `find-types`), alone they are a drawer for everything. */
const EMPTY_ALONE = /^(.*\.)?(base|types?|constants?|index)$/;

const fileName = {
  create(context) {
    return {
      Program(node) {
        const name = basename(context.filename).replace(/(\.test)?\.[cm]?[jt]s$/, '');
        if (!EMPTY_WORD.test(name) && !EMPTY_ALONE.test(name)) return;
        context.report({ node, message: `"${name}" does not say what the file exports.` });
      },
    };
  },
};

/** Timestamps come in as arguments; `new Date(value)` is a conversion, `new Date()` and `Date()` read the clock. */
const noClock = {
  create(context) {
    const report = (node) => context.report({ node, message: 'This package is pure: take the time as an argument.' });
    const isDate = (node) => node.type === 'Identifier' && node.name === 'Date';
    return {
      NewExpression: (node) => isDate(node.callee) && node.arguments.length === 0 && report(node),
      CallExpression: (node) => isDate(node.callee) && report(node),
    };
  },
};

export default { meta: { name: 'house' }, rules: { 'file-name': fileName, 'no-clock': noClock } };
