// Knex: schema builder, migrations up and down, queries, transactions, errors, a pool of 20.
import assert from 'node:assert/strict';
import knexFactory from 'knex';
import { announce } from './client.mjs';

announce('Knex', 'knex');
const migrations = {
  first: {
    async up(knex) {
      await knex.schema.createTable('team', (t) => {
        t.increments('id');
        t.string('name', 40).notNullable().unique();
        t.timestamps(true, true);
      });
      await knex.schema.createTable('person', (t) => {
        t.bigIncrements('id');
        t.integer('team_id').unsigned().references('id').inTable('team').onDelete('CASCADE').index();
        t.text('name').notNullable().comment('full');
        t.decimal('salary', 10, 2).defaultTo(0).checkPositive();
        t.enu('level', ['low', 'high'], { useNative: true, enumName: 'level' });
        t.enum('colour', ['a', 'b']);
        t.jsonb('facts').defaultTo('{}');
        t.uuid('key').defaultTo(knex.raw('gen_random_uuid()'));
        t.date('born');
        t.specificType('tags', 'text[]');
        t.binary('photo');
        t.boolean('active').defaultTo(true);
        t.unique(['team_id', 'name'], { deferrable: 'deferred' });
      });
    },
    async down(knex) {
      await knex.schema.dropTable('person').dropTable('team').raw('DROP TYPE level');
    },
  },
  second: {
    async up(knex) {
      await knex.schema.alterTable('person', (t) => {
        t.string('email').index('by_email', { indexType: 'btree' });
        t.renameColumn('key', 'code');
        t.text('email').nullable().alter();
        t.dropForeign('team_id');
        t.foreign('team_id').references('team.id').deferrable('deferred');
      });
      await knex.schema.createView('people', (v) => v.as(knex('person').select('id', 'name')));
    },
    async down(knex) {
      await knex.schema.dropView('people');
      await knex.schema.alterTable('person', (t) => {
        t.dropColumn('email');
        t.renameColumn('code', 'key');
      });
    },
  },
};
const knex = knexFactory({
  client: 'pg',
  connection: {},
  pool: { min: 0, max: 20 },
  migrations: {
    migrationSource: {
      getMigrations: async () => Object.keys(migrations),
      getMigrationName: (name) => name,
      getMigration: async (name) => migrations[name],
    },
  },
});

assert.deepEqual((await knex.migrate.latest())[1], ['first', 'second']);
assert.deepEqual((await knex.migrate.rollback())[1], ['second', 'first']);
assert.deepEqual(await knex.schema.hasTable('person'), false);
await knex.migrate.latest();
assert.deepEqual((await knex.migrate.list())[1], []);
assert.equal(await knex.schema.hasColumn('person', 'code'), true);
const info = await knex('person').columnInfo();
assert.deepEqual(info.salary, { type: 'numeric', maxLength: null, nullable: true, defaultValue: "'0'::numeric" });
assert.deepEqual([info.email.type, info.tags.type, info.level.type, info.id.nullable], ['text', 'ARRAY', 'USER-DEFINED', false]);

const [red] = await knex('team').insert({ name: 'red' }).returning('*');
assert.equal(red.id, 1);
assert.ok(red.created_at instanceof Date);
const people = Array.from({ length: 50 }, (_, i) => ({
  team_id: red.id, name: `p${i}`, salary: i + 1.25, level: i % 2 ? 'low' : 'high', facts: { i, deep: { x: [i] } }, born: '2001-02-03', tags: ['a', `${i}`], photo: Buffer.from([i]),
}));
await knex.batchInsert('person', people, 7);
assert.deepEqual(await knex('person').where('salary', '>', 48).andWhere({ level: 'high' }).orderBy('id').pluck('name'), ['p48']);
assert.equal((await knex('person').whereRaw("facts -> 'deep' -> 'x' @> ?::jsonb", ['[7]']).first()).name, 'p7');
assert.equal((await knex('person').whereJsonPath('facts', '$.i', '=', 9).first()).name, 'p9');
assert.equal(await knex('person').whereIn('name', ['p1', 'p2']).update({ active: false }), 2);
assert.deepEqual(await knex('person').where({ active: false }).del('id'), [{ id: '2' }, { id: '3' }]);
const sums = await knex('person as p').join('team as t', 't.id', 'p.team_id').groupBy('t.name').select('t.name').sum({ s: 'p.salary' }).count({ n: '*' });
assert.deepEqual(sums, [{ name: 'red', s: '1282.00', n: '48' }]);
const ranked = await knex.with('w', (q) => q.from('person').select('name').rowNumber('r', (w) => w.orderBy('salary', 'desc'))).select().from('w').where('r', 1);
assert.deepEqual(ranked, [{ name: 'p49', r: '1' }]);
assert.deepEqual(await knex('team').insert({ name: 'red' }).onConflict('name').merge({ name: 'crimson' }).returning('name'), [{ name: 'crimson' }]);
assert.equal((await knex('people').count({ n: '*' }))[0].n, '48');

await assert.rejects(knex('team').insert({ name: 'crimson' }), (e) => e.code === '23505' && e.constraint === 'team_name_unique');
await assert.rejects(knex('person').insert({ name: 'x', salary: 1, colour: 'c' }), (e) => e.code === '23514' && e.constraint === 'person_colour_check');
await assert.rejects(knex('nowhere').select(), (e) => e.code === '42P01');
await assert.rejects(knex.transaction(async (trx) => {
  await trx('person').del();
  throw new Error('no');
}), /no/);
assert.equal((await knex('person').count({ n: '*' }))[0].n, '48');
await knex.transaction(async (trx) => {
  await trx('person').insert({ team_id: red.id, name: 'p0', salary: 1 }); // the unique key is deferred
  await assert.rejects(trx.transaction(async (inner) => inner('person').insert({ name: null, salary: 1 })), (e) => e.code === '23502');
  await trx('person').where({ name: 'p0' }).orderBy('id', 'desc').limit(1).forUpdate().skipLocked().select();
  await trx('person').whereIn('id', trx('person').max('id')).update({ name: 'other' });
}, { isolationLevel: 'repeatable read' });
await assert.rejects(knex.transaction((trx) => trx('person').insert({ team_id: red.id, name: 'p0', salary: 1 })), (e) => e.code === '23505');

await knex.schema.createTable('counter', (t) => t.integer('n'));
await knex('counter').insert({ n: 0 });
await Promise.all(Array.from({ length: 100 }, () => knex.transaction((trx) => trx('counter').increment('n', 2))));
assert.equal((await knex('counter').first()).n, 200);
await knex.migrate.rollback(undefined, true);
assert.equal(await knex.schema.hasTable('team'), false);
await knex.destroy();
console.log('ok');
