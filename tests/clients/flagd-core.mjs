// Evaluates flags with @openfeature/flagd-core as published. A line of standard input is
// {config, key, type, contexts: []}, a line of standard output the results for its contexts in order,
// or {error} for a configuration that is refused.
import { createInterface } from 'node:readline';
import { FlagdCore } from '@openfeature/flagd-core';

const silent = { error() {}, warn() {}, info() {}, debug() {} };
const [now] = process.argv.slice(2).map(Number);
Date.now = () => now * 1000;

const fallbacks = { boolean: false, string: '', number: 0, object: {} };
const methods = {
  boolean: 'resolveBooleanEvaluation',
  string: 'resolveStringEvaluation',
  number: 'resolveNumberEvaluation',
  object: 'resolveObjectEvaluation',
};

function evaluate(core, key, type, context) {
  try {
    const { variant, reason, errorCode } = core[methods[type]](key, fallbacks[type], context, silent);
    return { variant, reason, errorCode };
  } catch (e) {
    return { thrown: String(e) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { config, key, type, contexts } = JSON.parse(line);
  const core = new FlagdCore(undefined, silent);
  let answer;
  try {
    core.setConfigurations(config);
    answer = { results: contexts.map((context) => evaluate(core, key, type, context)) };
  } catch (e) {
    answer = { error: String(e) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
