package dev.migrator.testkit.kubevirt;

import dev.migrator.testkit.kubevirt.machine.Site;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Gives the actors their turns, round by round, until none writes any more. */
final class Engine {
  private static final int MOST_ROUNDS = 600;
  private static final int LATE_ONE_IN = 4;
  private static final int BLAMED_ROUNDS = 20;

  private final Cast cast;
  private final Oracles oracles;
  private final boolean varied;

  Engine(Cast cast, Oracles oracles, long seed) {
    this.cast = cast;
    this.oracles = oracles;
    this.varied = seed != 0;
  }

  synchronized void settle() {
    begin();
    TreeSet<String> busy = new TreeSet<>();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      List<String> changed = turns();
      if (changed.isEmpty()) {
        return;
      }
      if (round > MOST_ROUNDS - BLAMED_ROUNDS) {
        busy.addAll(changed);
      }
    }
    throw new IllegalStateException(
        "The simulated controllers do not come to rest; these go on writing: " + busy);
  }

  synchronized boolean round() {
    begin();
    return !turns().isEmpty();
  }

  synchronized Optional<Instant> nextDue() {
    return cast.timers().nextDue();
  }

  private void begin() {
    cast.timers().beginSettling();
  }

  /** One round; answers who wrote. Who is late comes to turn only when nobody else writes. */
  private List<String> turns() {
    List<Cast.Member> order = new ArrayList<>(cast.members());
    List<Cast.Member> late = new ArrayList<>();
    if (varied) {
      Collections.shuffle(order, cast.random());
      for (Cast.Member member : List.copyOf(order)) {
        if (cast.random().nextInt(LATE_ONE_IN) == 0) {
          order.remove(member);
          late.add(member);
        }
      }
    }
    List<String> changed = turns(order);
    if (changed.isEmpty()) {
      changed = turns(late);
    }
    oracles.observe();
    return changed;
  }

  private List<String> turns(List<Cast.Member> order) {
    List<String> changed = new ArrayList<>();
    for (Cast.Member member : order) {
      long before = changes(); // news from elsewhere counts: somebody may have missed it this round
      cast.sites().values().forEach(site -> site.store().refresh());
      member.actor().tick();
      if (changes() != before) {
        changed.add(member.name());
      }
    }
    return changed;
  }

  private long changes() {
    long sum = 0;
    for (Site site : cast.sites().values()) {
      sum += site.store().changes();
    }
    return sum;
  }

  void close() {
    cast.close();
  }
}
