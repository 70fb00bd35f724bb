CREATE TABLE Customers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email VARCHAR(40) NOT NULL UNIQUE COLLATE NOCASE,
  "Display Name" TEXT DEFAULT 'nobody',
  active BOOLEAN NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  joined DATETIME DEFAULT CURRENT_TIMESTAMP,
  birthday DATE,
  balance DECIMAL(10,2) DEFAULT 0,
  settings JSON,
  token UUID,
  photo BLOB DEFAULT x'00ff',
  CONSTRAINT named CHECK (length(email) > 2 AND email LIKE '%@%')
);
INSERT INTO Customers (email, "Display Name", active, joined, birthday, balance, settings, token, photo) VALUES
  ('Ann@example.org', 'Ann ''the'' first', 1, '2024-02-29 12:30:00.123456', '1980-05-17', 12.50, '{"a": [1, 2]}', '6f2c3a50-9d5f-4d0e-8d4c-2f3b6a1e7c9d', x'0001ff'),
  ('bob@example.org', '', 0, '2024-03-01T00:00:00', '1999-12-31', -3, 'null', NULL, NULL),
  ('cäsar@example.org', NULL, 1, NULL, NULL, 99999999.99, NULL, NULL, x'');
INSERT INTO Customers (id, email, active) VALUES (41, 'gone@example.org', 1);
DELETE FROM Customers WHERE id = 41;
CREATE TABLE orders (
  number INTEGER PRIMARY KEY,
  customer INTEGER REFERENCES customers ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  net REAL NOT NULL,
  tax REAL NOT NULL DEFAULT 0.19,
  gross REAL GENERATED ALWAYS AS (net * (1 + tax)) STORED,
  label TEXT AS ('#' || number),
  state TEXT CHECK (state == 'open' OR state = 'closed'),
  kind SMALLINT,
  big INTEGER
);
INSERT INTO orders (number, customer, net, state, kind, big) VALUES (1, 1, 10.5, 'open', 32767, 9223372036854775807), (7, 2, 1e300, 'closed', -32768, -9223372036854775808), (9, NULL, 0.1, NULL, NULL, 0);
CREATE TABLE order_items (
  order_number INT NOT NULL,
  position INT NOT NULL,
  "select" VARCHAR(3),
  PRIMARY KEY (order_number, position),
  FOREIGN KEY (order_number) REFERENCES orders(number) ON UPDATE CASCADE
) WITHOUT ROWID;
INSERT INTO order_items VALUES (1, 1, 'abcdef'), (1, 2, NULL), (7, 1, 'x');
CREATE TABLE anything (a, b INTEGER, c TEXT, d BLOB, e REAL, f NUMERIC, g DATETIME, h BOOLEAN);
INSERT INTO anything VALUES (1, 2, 'three', x'04', 5.5, 6, 1700000000, 'true');
INSERT INTO anything VALUES ('one', 'two', 3, 'four', 5, 'six', 1700000001, 0);
INSERT INTO anything VALUES (x'01', 2.5, x'ff', 4, 1e308, 6.25, 1700000002, NULL);
CREATE TABLE widened (i INTEGER, m INTEGER, n TEXT, "Empty" FLOAT);
INSERT INTO widened VALUES ('not a number', 9007199254740993, 'a' || char(0) || 'b', NULL), (5, 0.5, 'plain', NULL);
CREATE TABLE calendar (d DATE, t DATETIME, z TIMESTAMP);
INSERT INTO calendar VALUES ('2023-02-30', '2024-02-29 00:00', '2024-02-29T10:00:00Z'), ('2024-01-01', '2024-01-01', NULL);
CREATE TABLE nullable_key (k TEXT PRIMARY KEY, v INT);
INSERT INTO nullable_key VALUES (NULL, 1), ('a', 2), (NULL, 3);
CREATE TABLE orphans (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES Customers(id));
INSERT INTO orphans VALUES (1, 1), (2, 777);
CREATE INDEX by_state ON orders (state, net DESC) WHERE state IS NOT NULL;
CREATE INDEX by_upper ON customers (upper(email));
CREATE UNIQUE INDEX one_kind ON orders (kind) WHERE kind > 0;
CREATE INDEX globbed ON orders (label) WHERE label GLOB 'a*';
CREATE VIEW top AS SELECT "Display Name" AS name, total FROM totals WHERE total > 1 ORDER BY total DESC LIMIT 5;
CREATE VIEW totals AS SELECT c.id, c.[Display Name], ifnull(sum(o.net), 0) AS total FROM Customers c LEFT JOIN `orders` o ON o.customer = c.id WHERE c.active = 1 GROUP BY c.id, c."Display Name";
CREATE VIEW broken AS SELECT nowhere FROM not_there;
CREATE TRIGGER tr AFTER INSERT ON orders BEGIN UPDATE orders SET kind = 1 WHERE number = new.number; END;
CREATE VIRTUAL TABLE docs USING fts5(body);
