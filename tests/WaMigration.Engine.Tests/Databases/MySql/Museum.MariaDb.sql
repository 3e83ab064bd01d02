CREATE TABLE kinds (k uuid PRIMARY KEY, v4 inet4, v6 inet6, zipped varchar(1000) COMPRESSED, longer text, UNIQUE KEY long_one (longer))

INSERT INTO kinds VALUES ('123e4567-e89b-12d3-a456-426614174000', '127.0.0.1', '2001:db8::ff00:42:8329', REPEAT('z', 900), REPEAT('l', 5000)), ('00000000-0000-0000-0000-000000000000', NULL, '::', '', NULL)

CREATE SEQUENCE counter START WITH 100 INCREMENT BY -5 MINVALUE -1000 MAXVALUE 200 CACHE 10 CYCLE

SELECT NEXTVAL(counter)

CREATE SEQUENCE untouched

CREATE TABLE by_sequence (id bigint NOT NULL DEFAULT NEXTVAL(untouched) PRIMARY KEY, v int)

CREATE TABLE remembers (id int PRIMARY KEY, v varchar(20)) WITH SYSTEM VERSIONING

INSERT INTO remembers VALUES (1, 'old'), (2, 'gone')

UPDATE remembers SET v = 'new' WHERE id = 1

DELETE FROM remembers WHERE id = 2

CREATE TABLE named_period (id int PRIMARY KEY, v int, a timestamp(6) GENERATED ALWAYS AS ROW START, b timestamp(6) GENERATED ALWAYS AS ROW END INVISIBLE, PERIOD FOR SYSTEM_TIME (a, b)) WITH SYSTEM VERSIONING

INSERT INTO named_period (id, v) VALUES (1, 1)

UPDATE named_period SET v = 2

CREATE TABLE periods (id int, a date, b date, PERIOD FOR valid (a, b), UNIQUE (id, valid WITHOUT OVERLAPS))

INSERT INTO periods VALUES (1, '2020-01-01', '2021-01-01'), (1, '2021-01-01', '2022-01-01')

CREATE TABLE in_aria (a int PRIMARY KEY, v text) ENGINE=Aria

INSERT INTO in_aria VALUES (1, 'x')

SET sql_mode = 'ORACLE'

CREATE FUNCTION as_oracle(p_x INT) RETURN INT AS BEGIN RETURN p_x || 1; END;

SET sql_mode = ''
