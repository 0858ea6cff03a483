package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Site;
import dev.migrator.testkit.kubevirt.world.KubeVirtVersion;
import dev.migrator.testkit.kubevirt.world.World;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Two simulated KubeVirt clusters, joined as decentralized live migration joins them.
 *
 * <p>With a manual clock a test calls {@link #settle} after each of its own writes, and moves the
 * clock to {@link #nextDue} when it waits for something that takes time. With a real clock {@link
 * #start} does both in the background. What the actors do follows {@code docs/kubevirt-facts.md}.
 *
 * <p>{@link #settle}, {@link #round} and {@link #nextDue} may be called from any thread; they
 * exclude each other.
 */
public final class KubeVirtSimulator implements AutoCloseable {
  private final Clusters clusters;
  private final World world;
  private final Installer installer;
  private final Engine engine;
  private final BackgroundDriver driver;
  private final Oracles oracles;
  private final Cast cast;
  private final Clock clock;

  private KubeVirtSimulator(Builder builder) {
    this.clusters = builder.clusters;
    this.world = builder.world;
    this.clock = builder.clock;
    this.cast = new Cast(builder.clusters, builder.clock, builder.seed, builder.world);
    cast.assemble(builder.roles, builder.versions, builder.sides);
    this.installer = new Installer(builder.clusters, cast);
    this.oracles = new Oracles(cast.sites());
    this.engine = new Engine(cast, oracles, builder.seed);
    this.driver = new BackgroundDriver(engine);
  }

  /** Begins to describe a simulator over two clusters. */
  public static Builder builder(Clusters clusters) {
    return new Builder(clusters);
  }

  /**
   * Creates what an installed KubeVirt has: nodes, storage classes, the KubeVirt object with the
   * feature gate on, CA bundles; then settles. Called once, before anything else.
   */
  public KubeVirtSimulator install() {
    installer.install();
    settle();
    return this;
  }

  /** The knobs of the simulated world. */
  public World world() {
    return world;
  }

  /** The clusters that are simulated. */
  public Clusters clusters() {
    return clusters;
  }

  /**
   * Lets all controllers work until none has anything to do at the present instant.
   *
   * @throws IllegalStateException when they do not come to rest
   */
  public void settle() {
    engine.settle();
  }

  /** Lets every controller look at its objects once; answers whether anything was written. */
  public boolean round() {
    return engine.round();
  }

  /** The next instant at which something that takes time is done, as of the last settling. */
  public Optional<Instant> nextDue() {
    return engine.nextDue();
  }

  /**
   * Lets time pass until something holds: settles, asks, and moves a manual clock to the next
   * instant at which anything is due; with any other clock it waits in real time.
   *
   * @param what what is waited for, for the message
   * @throws AssertionError when it does not come about within an hour (a minute of real time), or
   *     nothing more is going to happen
   */
  public void runUntil(String what, BooleanSupplier condition) {
    new Patience(engine, clock).until(what, condition);
  }

  /**
   * As {@link #runUntil(String, BooleanSupplier)}, with a host that works meanwhile.
   *
   * @param what what is waited for, for the message
   * @param host takes the host's turn, such as {@code () -> runner.turn(plan)}, and says when it
   *     wants the next one; called whenever the controllers rest
   * @param condition asked before each of the host's turns
   * @throws AssertionError when it does not come about in time, or nothing more is going to happen
   */
  public void runUntil(String what, Supplier<Optional<Instant>> host, BooleanSupplier condition) {
    new Patience(engine, clock).until(what, host, condition);
  }

  /** What judges the run. */
  public Oracles oracles() {
    return oracles;
  }

  /** One VM on one side. */
  public GuestHandle guest(Side side, String namespace, String name) {
    Site site = cast.sites().get(side);
    if (site == null) {
      throw new IllegalArgumentException("There is no simulated cluster for " + side);
    }
    return new GuestHandle(site, namespace, name);
  }

  /** Drives the simulator in the background, for a clock that moves by itself. */
  public KubeVirtSimulator start() {
    driver.start();
    return this;
  }

  /** Ends the background driver and what it opened; the clusters stay as they are. */
  @Override
  public void close() {
    driver.close();
    engine.close();
  }

  /** Describes a simulator. */
  public static final class Builder {
    private final Clusters clusters;
    private final Map<Side, KubeVirtVersion> versions = new EnumMap<>(Side.class);
    private Set<Role> roles = EnumSet.allOf(Role.class);
    private Set<Side> sides = EnumSet.of(Side.SOURCE, Side.TARGET);
    private Clock clock = Clock.systemUTC();
    private World world = new World();
    private long seed;

    private Builder(Clusters clusters) {
      this.clusters = clusters;
      versions.put(Side.SOURCE, KubeVirtVersion.V1_9);
      versions.put(Side.TARGET, KubeVirtVersion.V1_9);
    }

    /** The clock that the actors live by (default: the system's). */
    public Builder clock(Clock chosen) {
      this.clock = chosen;
      return this;
    }

    /**
     * What chance is drawn from (default 0). Any other value also varies the order in which the
     * controllers come to their work, and lets some of them be late.
     */
    public Builder seed(long chosen) {
      this.seed = chosen;
      return this;
    }

    /** The KubeVirt of one side (default 1.9 on both). */
    public Builder version(Side side, KubeVirtVersion version) {
      versions.put(side, version);
      return this;
    }

    /** The world to live in (default: a fresh one). */
    public Builder world(World chosen) {
      this.world = chosen;
      return this;
    }

    /** Leaves actors out on both sides. */
    public Builder without(Role... absent) {
      Set<Role> left = EnumSet.copyOf(roles);
      left.removeAll(Set.of(absent));
      this.roles = left;
      return this;
    }

    /** Plays only these actors, such as {@link Role#NODE_SIDE} beside real KubeVirt. */
    public Builder only(Set<Role> present) {
      this.roles = EnumSet.copyOf(present);
      return this;
    }

    /** Simulates one cluster only: the source's, from which guests move to another namespace. */
    public Builder oneCluster() {
      this.sides = EnumSet.of(Side.SOURCE);
      return this;
    }

    /** Assembles the actors; nothing is written yet. */
    public KubeVirtSimulator build() {
      return new KubeVirtSimulator(this);
    }
  }
}
