CREATE TABLE functional (id int PRIMARY KEY, name varchar(20), v vector(3), KEY lower_name ((LOWER(name))), KEY down (name DESC), KEY unused (id, name) INVISIBLE) COLLATE utf8mb4_0900_ai_ci

INSERT INTO functional VALUES (1, 'ÄB', STRING_TO_VECTOR('[1.5, -2, 0.1]')), (2, NULL, NULL)

SET sql_generate_invisible_primary_key = 1

CREATE TABLE with_made_key (v int)

SET sql_generate_invisible_primary_key = 0

INSERT INTO with_made_key (v) VALUES (5), (6)

CREATE TABLE defaults (id int PRIMARY KEY, j json DEFAULT (JSON_ARRAY(1)), u binary(16) DEFAULT (UUID_TO_BIN('123e4567-e89b-12d3-a456-426614174000')), place point SRID 4326)

INSERT INTO defaults (id, place) VALUES (1, ST_GeomFromText('POINT(48.1 11.5)', 4326))

CREATE TABLE in_archive (a int, b text) ENGINE=ARCHIVE

INSERT INTO in_archive VALUES (1, 'x'), (2, NULL)
