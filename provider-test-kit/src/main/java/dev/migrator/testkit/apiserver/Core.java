package dev.migrator.testkit.apiserver;

import dev.migrator.model.Side;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What the parts of one server share: storage under one lock, kinds, clock, watches, hooks. */
final class Core {

  private static final String NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  final Side side;
  final Clock clock;
  final ReentrantLock lock = new ReentrantLock();
  final ResourceTypes types = new ResourceTypes();
  final Storage storage = new Storage();
  final Map<String, List<Admission>> admissions = new HashMap<>();
  private final List<WatchStream> streams = new ArrayList<>();
  private final Queue<WatchStream> waiting = new ConcurrentLinkedQueue<>();
  private Random random = new Random(0);

  Core(Side side, Clock clock) {
    this.side = side;
    this.clock = clock;
    restartIds();
  }

  /** Makes the sequence of uids and generated names start again, another one on each side. */
  void restartIds() {
    random = new Random(side == Side.SOURCE ? 0x5eedL : 0x7a26L);
  }

  String newUid() {
    return new UUID(
            (random.nextLong() & ~0xf000L) | 0x4000L,
            (random.nextLong() & 0x3fffffffffffffffL) | Long.MIN_VALUE)
        .toString();
  }

  String newName(String prefix) {
    StringBuilder name = new StringBuilder(prefix);
    for (int i = 0; i < 5; i++) {
      name.append(NAME_LETTERS.charAt(random.nextInt(NAME_LETTERS.length())));
    }
    return name.toString();
  }

  String now() {
    return timestamp(clock.instant());
  }

  static String timestamp(Instant instant) {
    return DateTimeFormatter.ISO_INSTANT.format(instant.truncatedTo(ChronoUnit.SECONDS));
  }

  /** Stores an object under the next version and tells the watches. */
  Stored put(ResourceType type, Map<String, Object> tree) {
    Json.ensureMap(tree, "metadata").put("resourceVersion", Long.toString(storage.nextVersion()));
    Stored stored = new Stored(type, tree);
    announce(storage.put(stored));
    return stored;
  }

  /** Removes an object and tells the watches; returns its last word. */
  Stored remove(Stored object) {
    Change change = storage.remove(object);
    announce(change);
    return object.withVersion(change.version());
  }

  private void announce(Change change) {
    for (WatchStream stream : streams) {
      stream.offer(change);
      waiting.add(stream);
    }
  }

  void open(WatchStream stream) {
    streams.removeIf(WatchStream::isClosed);
    streams.add(stream);
  }

  /** Returns the open watches. */
  List<WatchStream> streams() {
    streams.removeIf(WatchStream::isClosed);
    return List.copyOf(streams);
  }

  void delivering(WatchStream stream) {
    waiting.add(stream);
  }

  /** Delivers to the watches, unless this thread still holds the lock: then its owner does. */
  void deliver() {
    while (!lock.isHeldByCurrentThread()) {
      WatchStream stream = waiting.poll();
      if (stream == null) {
        return;
      }
      stream.drain();
    }
  }

  /** Asks the admissions of a kind; the tree may come out changed. */
  void review(
      Verb operation,
      ResourceType type,
      String subresource,
      @Nullable Map<String, Object> tree,
      @Nullable Stored old,
      boolean dryRun,
      Caller caller) {
    List<Admission> reviewers = admissions.get(type.kind());
    if (reviewers == null) {
      return;
    }
    Map<String, Object> either = tree != null ? tree : old != null ? old.tree : Map.of();
    AdmissionReview review =
        new AdmissionReview(
            side,
            operation,
            type.group(),
            type.kind(),
            subresource,
            Json.text(Json.metadata(either), "namespace"),
            Json.text(Json.metadata(either), "name"),
            tree,
            old == null ? null : old.tree,
            dryRun,
            caller.user());
    for (Admission reviewer : reviewers) {
      reviewer.review(review);
    }
  }
}
