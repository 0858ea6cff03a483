package dev.migrator.testkit.kubevirt.machine;

import dev.migrator.testkit.kubevirt.world.ClusterWorld;
import dev.migrator.testkit.kubevirt.world.KubeVirtVersion;
import dev.migrator.testkit.kubevirt.world.Switch;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One simulated cluster as its actors share it. Not thread-safe; see {@link Actor}. */
public final class Site {
  private static final Logger LOGGER = LoggerFactory.getLogger(Site.class);

  private static final int SUFFIX_LENGTH = 5;
  private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  private final String name;
  private final Store store;
  private final ClusterWorld world;
  private final Timers timers;
  private final KubeVirtVersion version;
  private final Random random;
  private final Set<String> told = new HashSet<>();
  private List<Site> all = List.of();
  private long serial;

  /**
   * A cluster.
   *
   * @param name "a" for the source, "b" for the target
   */
  public Site(
      String name,
      Store store,
      ClusterWorld world,
      Timers timers,
      KubeVirtVersion version,
      Random random) {
    this.name = name;
    this.store = store;
    this.world = world;
    this.timers = timers;
    this.version = version;
    this.random = random;
  }

  /** "a" for the source, "b" for the target. */
  public String name() {
    return name;
  }

  /** The cluster's objects. */
  public Store store() {
    return store;
  }

  /** What the test decided about the cluster. */
  public ClusterWorld world() {
    return world;
  }

  /** Where KubeVirt itself lives in this cluster. */
  public String kubevirtNamespace() {
    return world.kubevirtNamespace();
  }

  /** The clock's delays. */
  public Timers timers() {
    return timers;
  }

  /** The KubeVirt that runs here. */
  public KubeVirtVersion version() {
    return version;
  }

  /** All clusters of the simulation, this one included. */
  public List<Site> all() {
    return all;
  }

  /** Makes the clusters known to each other; called once, by the simulator. */
  public void joined(List<Site> sites) {
    this.all = List.copyOf(sites);
  }

  /** The present, as Kubernetes writes it. */
  public String now() {
    return text(timers.now());
  }

  /** An instant, as Kubernetes writes it: whole seconds. */
  public static String text(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Whether the delay has passed since it was first asked for about that object. */
  public boolean elapsed(Thing about, String what, Duration delay) {
    return delay.isZero() || timers.elapsed(about.uid() + "/" + what, delay);
  }

  /** Whether a switch of the world is on for the object. */
  public boolean holds(Switch which, Thing about) {
    return world.holds(which, about.namespace(), about.name());
  }

  /** A random number of this run. */
  public Random random() {
    return random;
  }

  /** A name as the API server would generate it, from the seed. */
  public String generated(String prefix) {
    StringBuilder text = new StringBuilder(prefix);
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      text.append(SUFFIX_LETTERS.charAt(random.nextInt(SUFFIX_LETTERS.length())));
    }
    return text.toString();
  }

  /** Calls for each object of the kind; one that changed under the actor waits for next time. */
  public void each(Kind kind, Consumer<Thing> turn) {
    for (Thing thing : store.all(kind)) {
      try {
        turn.accept(thing);
      } catch (StaleException again) {
        // counted as a change by the store: the next round looks again, with fresh objects
        LOGGER.atTrace().setCause(again).log("Lost a race");
      }
    }
  }

  /** Records a Kubernetes event about an object; the same one only once. */
  public void event(Thing about, String type, String reason, String message) {
    if (!told.add(about.uid() + "/" + reason + "/" + message)) {
      return;
    }
    String when = now();
    Thing event =
        Thing.create(
            Kind.EVENT,
            about.namespace().isEmpty() ? "default" : about.namespace(),
            about.name() + "." + Long.toHexString(++serial) + "." + generated(""));
    event
        .set(
            "involvedObject",
            Json.object(
                "apiVersion", about.raw().getApiVersion(),
                "kind", about.raw().getKind(),
                "namespace", about.namespace(),
                "name", about.name(),
                "uid", about.uid()))
        .set("type", type)
        .set("reason", reason)
        .set("message", message)
        .set("count", 1)
        .set("firstTimestamp", when)
        .set("lastTimestamp", when)
        .set("source", Json.object("component", "kubevirt-simulator"));
    store.createIfAbsent(Kind.EVENT, event);
  }
}
