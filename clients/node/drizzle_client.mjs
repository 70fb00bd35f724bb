// Drizzle: generated migrations, push and its introspection, pull, queries of many types, transactions, errors, a pool of 20.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { and, arrayContains, count, desc, eq, gt, inArray, like, relations, sql, sum } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import * as p from 'drizzle-orm/pg-core';
import pg from 'pg';
import { announce } from './client.mjs';

announce('Drizzle', 'drizzle-orm');
const { generateDrizzleJson, generateMigration, pushSchema } = createRequire(import.meta.url)('drizzle-kit/api');

const level = p.pgEnum('level', ['low', 'high']);
const team = p.pgTable('team', {
  id: p.serial('id').primaryKey(),
  name: p.varchar('name', { length: 40 }).notNull().unique(),
  createdAt: p.timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
});
const person = p.pgTable('person', {
  id: p.bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity({ startWith: 100 }),
  teamId: p.integer('team_id').notNull().references(() => team.id, { onDelete: 'cascade' }),
  name: p.text('name').notNull(),
  level: level('level').default('low'),
  salary: p.numeric('salary', { precision: 10, scale: 2 }).default('0'),
  ratio: p.doublePrecision('ratio'), small: p.smallint('small'), real: p.real('real'),
  born: p.date('born'), at: p.time('at'), seen: p.timestamp('seen', { precision: 3 }), pause: p.interval('pause'),
  facts: p.jsonb('facts').default({ a: 1 }), tags: p.text('tags').array(), code: p.uuid('code').defaultRandom(), address: p.inet('address'),
  fixed: p.char('fixed', { length: 3 }), active: p.boolean('active').default(true).notNull(), place: p.point('place', { mode: 'xy' }),
  doubled: p.integer('doubled').generatedAlwaysAs(sql`length("name") * 2`),
}, (t) => [
  p.index('person_name').on(t.name, t.salary.desc()), p.uniqueIndex('one_active').on(t.name).where(sql`active`), p.check('paid', sql`${t.salary} >= 0`),
  p.unique('team_name').on(t.teamId, t.name),
]);
const other = p.pgSchema('other');
const thing = other.table('thing', { id: p.integer('id').primaryKey(), at: p.timestamp('at').default(sql`now()`) });
const counterSequence = p.pgSequence('numbers', { startWith: 5, increment: 2 });
const busy = p.pgView('busy').as((qb) => qb.select({ id: team.id, name: team.name }).from(team).where(gt(team.id, 0)));
const teamRelations = relations(team, ({ many }) => ({ people: many(person) }));
const personRelations = relations(person, ({ one }) => ({ team: one(team, { fields: [person.teamId], references: [team.id] }) }));
const schema = { level, team, person, other, thing, counterSequence, busy, teamRelations, personRelations };

const pool = new pg.Pool({ max: 20 });
const db = drizzle(pool, { schema });
const directory = mkdtempSync(join(tmpdir(), 'drizzle-'));
try {
  // A migration made from the schema, applied twice: the second time there is nothing to do.
  const statements = await generateMigration(generateDrizzleJson({}), generateDrizzleJson(schema));
  const folder = join(directory, 'migrations');
  mkdirSync(join(folder, 'meta'), { recursive: true });
  writeFileSync(join(folder, '0000_first.sql'), statements.join('\n--> statement-breakpoint\n'));
  const entries = [{ idx: 0, version: '7', when: 1700000000000, tag: '0000_first', breakpoints: true }];
  writeFileSync(join(folder, 'meta', '_journal.json'), JSON.stringify({ version: '7', dialect: 'postgresql', entries }));
  await migrate(db, { migrationsFolder: folder });
  await migrate(db, { migrationsFolder: folder });
  assert.equal((await pool.query('SELECT count(*)::int AS n FROM drizzle.__drizzle_migrations')).rows[0].n, 1);

  const [red, blue] = await db.insert(team).values([{ name: 'red' }, { name: 'blue' }]).returning();
  assert.deepEqual([red.id, blue.id, red.createdAt instanceof Date], [1, 2, true]);
  const given = {
    teamId: red.id, name: 'Ada', level: 'high', salary: '12.50', ratio: 0.1, small: -3, real: 1.5, born: '1815-12-10', at: '09:30:00', seen: new Date('2024-02-29T12:00:00.123Z'), pause: '01:30:00',
    facts: { a: [1, null, { b: '\u20ac' }] }, tags: ['x', 'y,z', ''], code: '12345678-1234-5678-1234-567812345678', address: '10.0.0.1', fixed: 'abc', active: false, place: { x: 1.5, y: 2 },
  };
  const [ada] = await db.insert(person).values(given).returning();
  assert.deepEqual(ada, { ...given, id: 100, doubled: 6 });
  await db.insert(person).values(Array.from({ length: 30 }, (_, i) => ({ teamId: red.id, name: `p${i}`, salary: String(i), tags: [String(i)], facts: { i } })));
  assert.deepEqual(await db.select({ name: person.name }).from(person).where(and(inArray(person.name, ['p1', 'p2']), gt(person.salary, '1'))), [{ name: 'p2' }]);
  assert.deepEqual(await db.select({ team: team.name, n: count(), s: sum(person.salary) }).from(team).innerJoin(person, eq(person.teamId, team.id)).groupBy(team.name), [{ team: 'red', n: 31, s: '447.50' }]);
  assert.equal((await db.select().from(person).where(arrayContains(person.tags, ['7']))).length, 1);
  assert.deepEqual((await db.select().from(person).where(like(person.name, 'p1%')).orderBy(desc(person.salary)).limit(2).offset(1)).map((r) => r.name), ['p18', 'p17']);
  const nested = await db.query.team.findFirst({ with: { people: { where: eq(person.name, 'Ada'), columns: { name: true, salary: true, facts: true } } }, where: eq(team.name, 'red') });
  assert.deepEqual(nested.people, [{ name: 'Ada', salary: '12.5', facts: given.facts }]);
  assert.deepEqual(await db.insert(team).values({ name: 'red' }).onConflictDoUpdate({ target: team.name, set: { name: sql`excluded.name || '!'` } }).returning({ name: team.name }), [{ name: 'red!' }]);
  assert.equal((await db.update(person).set({ active: true }).where(eq(person.name, 'Ada'))).rowCount, 1);
  const find = db.select().from(person).where(eq(person.name, sql.placeholder('name'))).prepare('by_name');
  assert.equal((await find.execute({ name: 'p3' }))[0].salary, '3.00');
  assert.equal((await db.select().from(busy)).length, 2);

  const code = (e) => e.cause?.code ?? e.code;
  await assert.rejects(db.insert(team).values({ name: 'blue' }), (e) => code(e) === '23505');
  await assert.rejects(db.insert(person).values({ teamId: 99, name: 'x' }), (e) => code(e) === '23503');
  await assert.rejects(db.transaction(async (tx) => {
    await tx.delete(person);
    await assert.rejects(tx.transaction(async (inner) => inner.insert(team).values({ name: 'blue' })), (e) => code(e) === '23505');
    assert.equal((await tx.select({ n: count() }).from(person))[0].n, 0);
    tx.rollback();
  }, { isolationLevel: 'repeatable read' }));
  assert.equal(await db.$count(person), 31);

  // Push reads the catalog back: what was made by the migration differs from the schema in nothing.
  const push = await pushSchema({ level, team, person, other, thing, counterSequence, busy }, db, ['public', 'other']);
  assert.deepEqual(push.statementsToExecute, []);

  // Pull writes the schema as code. (Push cannot read a primary key of two columns: it loses the parameters of that query.)
  await pool.query('CREATE TABLE link (a int, b int, PRIMARY KEY (a, b))');
  writeFileSync(join(directory, 'package.json'), '{"type": "module"}');
  symlinkSync(fileURLToPath(new URL('node_modules', import.meta.url)), join(directory, 'node_modules'));
  const url = `postgresql://${process.env.PGUSER}:${process.env.PGPASSWORD ?? ''}@${process.env.PGHOST}:${process.env.PGPORT}/${process.env.PGDATABASE}`;
  const configuration = { dialect: 'postgresql', out: './pulled', dbCredentials: { url }, schemaFilter: ['public', 'other'] };
  writeFileSync(join(directory, 'drizzle.config.json'), JSON.stringify(configuration));
  const kit = fileURLToPath(new URL('node_modules/drizzle-kit/bin.cjs', import.meta.url));
  execFileSync(process.execPath, [kit, 'pull', '--config', 'drizzle.config.json'], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  const pulled = readFileSync(join(directory, 'pulled', 'schema.ts'), 'utf8');
  for (const line of [
    "export const level = pgEnum(\"level\", ['low', 'high'])", 'numeric({ precision: 10, scale:  2 })', 'varchar({ length: 40 }).notNull()', 'tags: text().array()', 'generatedAlwaysAs(sql`(length(name) * 2)`)',
    'check("paid", sql`salary >= (0)::numeric`)', 'pgSchema("other")', 'pgView("busy"', 'pgSequence("numbers"', 'unique("team_name").on(table.teamId, table.name)', 'primaryKey({ columns: [table.a, table.b]', '.onDelete("cascade")',
  ]) {
    assert.ok(pulled.includes(line), `the pulled schema lacks ${line}:\n${pulled}`);
  }

  await pool.query('CREATE TABLE counter (n int)');
  await pool.query('INSERT INTO counter VALUES (0)');
  await Promise.all(Array.from({ length: 100 }, () => db.transaction((tx) => tx.execute(sql`UPDATE counter SET n = n + ${2}`))));
  assert.equal((await db.execute(sql`SELECT n FROM counter`)).rows[0].n, 200);
} finally {
  rmSync(directory, { recursive: true });
  await pool.end();
}
console.log('ok');
