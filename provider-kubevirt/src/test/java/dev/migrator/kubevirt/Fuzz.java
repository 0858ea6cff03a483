package dev.migrator.kubevirt;

import dev.migrator.spi.MigrationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Evil values, and what puts them into trees at random places; the one declaration of how many
 * inputs are tried, which {@code docs/fuzzing.md} is checked against.
 */
enum Fuzz {
  PLANS("plans and settings: names, mappings, hooks, people, valid and evil", 10),
  MACHINES("machines that people publish, with evil values at up to five places", 10),
  SECOND_HAND("the VM, VMI, Secrets, claims of a machine, mutated each for itself", 10),
  INSTALLATIONS("the KubeVirt resource: spec, status, addresses, rotation", 10),
  HALVES("instances and migration objects of both sides while a move is under way", 10),
  BUNDLES("CA bundles: cut, mixed, repeated, with rubbish", 2),
  QUANTITIES("quantities, durations and versions as text", 10),
  STATUSES("status documents, valid and mutated", 10),
  SIDECARS("JSON inside an annotation: nested, aliased, cut", 2),
  MOVES("whole moves of a mutated machine on embedded clusters", 1);

  /** As {@link #TRIES}, for whole moves. */
  static final int MOVE_TRIES = 10;

  /** How many times more with {@code -Dmigrator.exhaustive=true}. */
  static final int MORE = 50;

  /** How often a property is tried; each try makes {@link #rounds} inputs. */
  static final int TRIES = 30;

  static final boolean EXHAUSTIVE = Boolean.getBoolean("migrator.exhaustive");

  private static final List<Object> EVIL =
      List.of(
          "",
          " ",
          "\u0000\u0007\u001b[2J",
          "\u202edrowssap",
          "line\nLOG forged",
          "../../etc/passwd",
          "-1",
          "1e30Ei",
          "1e999999999",
          "1e-999999999",
          "-9223372036854775809",
          "99999999999999999999999999Gi",
          "NaN",
          "true",
          "null",
          "{}",
          "[[[[",
          "a".repeat(100_000),
          "${jndi:ldap://x}",
          "é\uD83D\uDE00\uD800",
          -1,
          0,
          Integer.MIN_VALUE,
          Long.MAX_VALUE,
          Double.NaN,
          1e308,
          true,
          new java.math.BigInteger("9".repeat(1000)),
          List.of(),
          List.of(List.of(List.of("x"))),
          List.of(1, "two", Map.of("three", List.of())),
          Map.of(),
          Map.of("name", "x"),
          Map.of("name", Map.of("name", Map.of("name", 1))));

  private final String what;
  private final int rounds;

  Fuzz(String what, int rounds) {
    this.what = what;
    this.rounds = rounds;
  }

  /** How many inputs one try makes. */
  int rounds() {
    return rounds * (EXHAUSTIVE ? MORE : 1);
  }

  /** The line of {@code docs/fuzzing.md}. */
  String documentation() {
    int tried = (this == MOVES ? MOVE_TRIES : TRIES) * rounds;
    return "| " + what + " | " + tried + " | " + tried * MORE + " |";
  }

  /** An evil value: text of any length, numbers out of every range, trees of any depth. */
  static @Nullable Object evil(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> null;
      case 1 -> nested(random.nextInt(200));
      default -> mutable(EVIL.get(random.nextInt(EVIL.size())));
    };
  }

  static String evilText(Random random) {
    return String.valueOf(evil(random));
  }

  /** Puts evil at some places of a tree. */
  static void mutate(Map<String, Object> tree, Random random, int places) {
    for (int i = 0; i < places; i++) {
      List<Runnable> changes = new ArrayList<>();
      collect(tree, random, changes);
      if (!changes.isEmpty()) {
        changes.get(random.nextInt(changes.size())).run();
      }
    }
  }

  /** Runs what must end well or with an exception that says why. */
  static <T> @Nullable T survive(Callable<T> work) {
    try {
      return work.call();
    } catch (MigrationException known) {
      return null;
    } catch (Exception e) {
      throw new AssertionError("No exception that a runner understands: " + e, e);
    }
  }

  private static void collect(Object node, Random random, List<Runnable> changes) {
    if (node instanceof Map<?, ?> map) {
      collectMap(typed(map), random, changes);
    } else if (node instanceof List<?> list) {
      collectList(typed(list), random, changes);
    }
  }

  private static void collectMap(Map<String, Object> map, Random random, List<Runnable> changes) {
    map.forEach(
        (key, value) -> {
          changes.add(() -> map.put(key, evil(random)));
          changes.add(() -> map.remove(key));
          changes.add(() -> map.put(evilText(random), map.remove(key)));
          if (value != null) {
            collect(value, random, changes);
          }
        });
  }

  private static void collectList(List<Object> list, Random random, List<Runnable> changes) {
    for (int i = 0; i < list.size(); i++) {
      int at = i;
      changes.add(() -> list.set(at, evil(random)));
      changes.add(() -> list.add(Tree.copyOf(list.get(at))));
      changes.add(() -> list.remove(at));
      if (list.get(at) != null) {
        collect(list.get(at), random, changes);
      }
    }
  }

  private static Object nested(int depth) {
    Object here = "deep";
    for (int i = 0; i < depth; i++) {
      Map<String, Object> outer = new LinkedHashMap<>();
      outer.put("name", here);
      here = i % 2 == 0 ? outer : new ArrayList<>(List.of(outer));
    }
    return here;
  }

  private static @Nullable Object mutable(Object value) {
    return Tree.copyOf(value);
  }

  @SuppressWarnings("unchecked") // JSON has no other keys than text.
  private static Map<String, Object> typed(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }

  @SuppressWarnings("unchecked") // Any value may stand in a list of JSON.
  private static List<Object> typed(List<?> list) {
    return (List<Object>) list;
  }
}
