package dev.migrator.examples.quickstart;

/**
 * How many requests the library sent to one cluster.
 *
 * @param reads lookups of one object or of many
 * @param writes what meant to change something
 * @param checks access reviews and dry runs: they ask the server something and change nothing
 * @param watches watches that were opened
 */
record Requests(int reads, int writes, int checks, int watches) {}
