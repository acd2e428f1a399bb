import { describe, expect, it } from 'vitest';
import { findSchemaChange } from './find-schema-change.ts';

const KNOWN = JSON.stringify({
  tables: { 'public.users': { name: 'users' } },
  enums: { mood: { name: 'mood' } },
});

describe('A statement after which a snapshot is another one', () => {
  it.each([
    'CREATE TABLE "notes" ("id" int)',
    'create unlogged table if not exists public . notes (id int)',
    'SELECT 1;\n-- and then\nCREATE TABLE "notes" ("id" int);',
    'SELECT 1;--> statement-breakpoint\nCREATE TYPE "public"."size" AS ENUM(\'s\')',
    'DROP TABLE IF EXISTS "users" CASCADE',
    'DROP TYPE mood',
    'ALTER TYPE "public"."mood" ADD VALUE \'bad\'',
    'ALTER TABLE "users" ADD COLUMN "age" int',
    'ALTER TABLE ONLY public.users\n  ADD CONSTRAINT c CHECK (true),\n  DROP COLUMN age',
    'ALTER TABLE users RENAME TO people',
    'ALTER TABLE "users" ALTER COLUMN "age" SET NOT NULL',
    'ALTER TABLE "users" ALTER age TYPE bigint',
    'ALTER TABLE "users" ALTER COLUMN "age" SET DATA TYPE bigint',
  ])('%s', (sql) => {
    expect(findSchemaChange(sql, KNOWN)).not.toBeNull();
  });

  it('is shown in short', () => {
    expect(findSchemaChange('/* why */ CREATE  TABLE\n"notes" ()', KNOWN)).toBe('`CREATE TABLE "notes" ()`');
  });
});

describe('A statement that says nothing for certain', () => {
  it.each([
    '',
    '-- CREATE TABLE "notes" ("id" int)',
    'CREATE TABLE "users" ("id" int)',
    'CREATE TEMP TABLE "notes" ("id" int)',
    'CREATE TABLE events_2024 PARTITION OF events FOR VALUES IN (1)',
    'CREATE TYPE "pair" AS (a int, b int)',
    'DROP TABLE "not_in_the_schema"',
    'ALTER TABLE "not_in_the_schema" ADD COLUMN "age" int',
    'ALTER TABLE "users" VALIDATE CONSTRAINT "age_type"',
    'ALTER TABLE "users" ADD CONSTRAINT "present" CHECK ("age" IS NOT NULL) NOT VALID',
    'ALTER TABLE "users" ADD CONSTRAINT c CHECK (type = 1)',
    'ALTER TABLE "users" ALTER COLUMN "age" SET STATISTICS 500',
    'CREATE INDEX CONCURRENTLY "i" ON "users" ("id")',
    'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN\n SELECT 1;\nCREATE TABLE "notes" (); END $$',
  ])('%s', (sql) => {
    expect(findSchemaChange(sql, KNOWN)).toBeNull();
  });
});
