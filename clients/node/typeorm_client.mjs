// TypeORM: entities of many types, synchronize and its introspection, migrations, relations, transactions, errors, a pool of 20.
import assert from 'node:assert/strict';
import typeorm from 'typeorm';
import { announce } from './client.mjs';

const { DataSource, EntitySchema, In, Like, Raw, Table, TableColumn, TableForeignKey, TableIndex } = typeorm;
announce('TypeORM', 'typeorm');

const Team = new EntitySchema({
  name: 'Team',
  columns: {
    id: { type: 'int', primary: true, generated: 'increment' },
    name: { type: 'varchar', length: 40, unique: true },
    createdAt: { type: 'timestamptz', createDate: true },
    version: { type: 'int', version: true },
  },
  relations: { people: { type: 'one-to-many', target: 'Person', inverseSide: 'team' } },
});
const Person = new EntitySchema({
  name: 'Person',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    number: { type: 'bigint', generated: 'identity', generatedIdentity: 'BY DEFAULT' },
    name: { type: 'text', comment: 'full name' },
    level: { type: 'enum', enum: ['low', 'high'], default: 'low' },
    levels: { type: 'enum', enum: ['a', 'b'], array: true, nullable: true },
    salary: { type: 'numeric', precision: 10, scale: 2, default: 0 },
    ratio: { type: 'double precision', nullable: true },
    small: { type: 'smallint', nullable: true },
    born: { type: 'date', nullable: true },
    at: { type: 'time', nullable: true },
    seen: { type: 'timestamp', precision: 3, nullable: true },
    pause: { type: 'interval', nullable: true },
    facts: { type: 'jsonb', default: {} },
    tags: { type: 'text', array: true, nullable: true },
    photo: { type: 'bytea', nullable: true },
    address: { type: 'inet', nullable: true },
    during: { type: 'int4range', nullable: true },
    place: { type: 'point', nullable: true },
    code: { type: 'char', length: 3, nullable: true },
    doubled: { type: 'int', generatedType: 'STORED', asExpression: 'length(name) * 2', nullable: true },
    active: { type: 'boolean', default: true },
    deletedAt: { type: 'timestamptz', deleteDate: true },
  },
  indices: [{ name: 'person_name_level', columns: ['name', 'level'] }, { name: 'person_active', columns: ['born'], where: '"active"' }],
  uniques: [{ name: 'one_number', columns: ['number', 'name'], deferrable: 'INITIALLY DEFERRED' }],
  checks: [{ name: 'paid', expression: '"salary" >= 0' }],
  relations: {
    team: { type: 'many-to-one', target: 'Team', inverseSide: 'people', onDelete: 'CASCADE', joinColumn: { name: 'team_id' } },
    skills: { type: 'many-to-many', target: 'Skill', joinTable: { name: 'person_skill' }, cascade: true },
  },
});
const Skill = new EntitySchema({
  name: 'Skill',
  columns: { id: { type: 'int', primary: true, generated: 'increment' }, label: { type: 'varchar' } },
});
const Busy = new EntitySchema({
  name: 'Busy', type: 'view', expression: 'SELECT "t"."id" AS "id", count(*) AS "people" FROM "team" "t" JOIN "person" "p" ON "p"."team_id" = "t"."id" GROUP BY "t"."id"',
  columns: { id: { type: 'int' }, people: { type: 'bigint' } },
});

class Extra1700000000000 {
  name = 'Extra1700000000000';

  async up(runner) {
    await runner.createTable(new Table({
      name: 'extra',
      columns: [
        { name: 'id', type: 'int', isPrimary: true, isGenerated: true, generationStrategy: 'increment' }, { name: 'team', type: 'int', isNullable: true },
        { name: 'kind', type: 'enum', enum: ['x', 'y'], default: "'x'" }, { name: 'n', type: 'int', default: 1 },
      ],
    }), true);
    await runner.createForeignKey('extra', new TableForeignKey({ columnNames: ['team'], referencedTableName: 'team', referencedColumnNames: ['id'], onDelete: 'SET NULL' }));
    await runner.createIndex('extra', new TableIndex({ name: 'extra_n', columnNames: ['n'] }));
    await runner.addColumn('extra', new TableColumn({ name: 'note', type: 'varchar', length: '20', isNullable: true }));
    await runner.changeColumn('extra', 'note', new TableColumn({ name: 'note', type: 'text', default: "'-'", isNullable: false }));
    await runner.changeColumn('extra', 'kind', new TableColumn({ name: 'kind', type: 'enum', enum: ['x', 'y', 'z'], default: "'x'" }));
    await runner.renameColumn('extra', 'n', 'amount');
    await runner.renameTable('extra', 'additional');
    await runner.query("INSERT INTO additional (kind) VALUES ('y')");
  }

  async down(runner) {
    await runner.renameTable('additional', 'extra');
    await runner.dropColumn('extra', 'note');
    await runner.dropTable('extra');
  }
}

const source = await new DataSource({
  type: 'postgres', host: process.env.PGHOST, port: Number(process.env.PGPORT), username: process.env.PGUSER, password: process.env.PGPASSWORD, database: process.env.PGDATABASE,
  entities: [Team, Person, Skill, Busy], migrations: [Extra1700000000000], installExtensions: false, extra: { max: 20 },
  uuidExtension: 'pgcrypto', logging: ['warn'],
}).initialize();
await source.synchronize();
assert.deepEqual((await source.driver.createSchemaBuilder().log()).upQueries.map((q) => q.query), [], 'what was just made is in sync');
await source.runMigrations();
assert.deepEqual(await source.query('SELECT kind, note, amount FROM additional'), [{ kind: 'y', note: '-', amount: 1 }]);
assert.equal(await source.showMigrations(), false);
await source.undoLastMigration();
assert.deepEqual(await source.query("SELECT to_regclass('additional') AS r"), [{ r: null }]);

const people = source.getRepository('Person');
const teams = source.getRepository('Team');
const red = await teams.save({ name: 'red' });
assert.deepEqual([red.id, red.version, red.createdAt instanceof Date], [1, 1, true]);
const seen = new Date('2024-02-29T12:00:00.123Z');
const given = {
  name: 'Ada', level: 'high', levels: ['b', 'a'], salary: '12.50', ratio: 0.1, small: -3, born: '1815-12-10', at: '09:30:00', seen, facts: { a: [1, null, { b: '\u20ac' }] },
  tags: ['x', 'y,z', ''], photo: Buffer.from([0, 255]), address: '10.0.0.1', during: '[1,5)', place: { x: 1.5, y: 2 }, code: 'abc', active: true,
};
const ada = await people.save({ ...given, team: red, skills: [{ label: 'maths' }, { label: 'music' }], pause: '90 minutes' });
const stored = await people.findOne({ where: { id: ada.id }, relations: { team: true, skills: true } });
for (const [key, value] of Object.entries(given)) {
  assert.deepEqual(stored[key], value, key);
}
assert.deepEqual([stored.number, stored.doubled, stored.team.name, stored.skills.map((s) => s.label).sort()], ['1', 6, 'red', ['maths', 'music']]);
await people.insert(Array.from({ length: 30 }, (_, i) => ({ name: `p${i}`, salary: i, team: red, facts: { i }, tags: [String(i)] })));
assert.deepEqual((await people.find({ where: { name: In(['p1', 'p2']) }, order: { name: 'DESC' }, select: { name: true } })).map((p) => p.name), ['p2', 'p1']);
assert.equal(await people.count({ where: { name: Like('p1%') } }), 11);
assert.equal(await people.countBy({ facts: Raw((alias) => `${alias} @> :f`, { f: '{"i": 7}' }) }), 1);
const [page, total] = await people.findAndCount({ relations: { team: true }, order: { name: 'ASC' }, skip: 5, take: 3 });
assert.deepEqual([page.length, total, page[0].team.name], [3, 31, 'red']);
const grouped = await people.createQueryBuilder('p').innerJoin('p.team', 't').select('t.name', 'team').addSelect('SUM(p.salary)', 'sum').where('p.salary > :low', { low: 10 }).groupBy('t.name').getRawMany();
assert.deepEqual(grouped, [{ team: 'red', sum: '392.50' }]);
assert.equal((await people.createQueryBuilder().update().set({ salary: () => 'salary + 1' }).where('name = :n', { n: 'p1' }).returning('salary').execute()).raw[0].salary, '2.00');
await people.softDelete({ name: 'p2' });
assert.equal(await people.count(), 30);
await teams.upsert([{ name: 'red' }, { name: 'blue' }], ['name']);
assert.equal(await teams.count(), 2);
assert.deepEqual(await source.getRepository('Busy').find(), [{ id: 1, people: '31' }]);

await assert.rejects(teams.insert({ name: 'red' }), (e) => e.code === '23505' && /Key \(name\)=\(red\) already exists/.test(e.detail));
await assert.rejects(people.insert({ name: 'x', salary: -1 }), (e) => e.code === '23514' && e.constraint === 'paid');
await assert.rejects(people.insert({ name: 'x', level: 'none' }), (e) => e.code === '22P02');
await assert.rejects(source.transaction(async (manager) => {
  await manager.getRepository('Person').clear().catch((e) => assert.equal(e.code, '0A000'));
  throw new Error('no');
}), /no/);
await assert.rejects(source.transaction('SERIALIZABLE', async (manager) => {
  await manager.delete('Person', { name: 'Ada' });
  await manager.transaction(async (inner) => inner.insert('Team', { name: 'green' }));
  throw new Error('no');
}), /no/);
assert.equal(await people.countBy({ name: 'Ada' }), 1);
assert.equal(await teams.countBy({ name: 'green' }), 0);

await source.query('CREATE TABLE counter (n int)');
await source.query('INSERT INTO counter VALUES (0)');
await Promise.all(Array.from({ length: 100 }, () => source.transaction((manager) => manager.query('UPDATE counter SET n = n + $1', [2]))));
assert.deepEqual(await source.query('SELECT n FROM counter'), [{ n: 200 }]);
await source.dropDatabase();
assert.deepEqual(await source.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"), []);
await source.destroy();
console.log('ok');
