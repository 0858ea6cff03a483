package dev.migrator.testkit.kubevirt;

import dev.migrator.model.Side;
import dev.migrator.testkit.kubevirt.machine.Kind;
import dev.migrator.testkit.kubevirt.machine.Thing;
import dev.migrator.testkit.kubevirt.world.KubeVirtVersion;
import dev.migrator.testkit.kubevirt.world.Switch;
import dev.migrator.testkit.kubevirt.world.Timing;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The recorded scenarios by their names, played by hand on the simulator. */
final class Scenarios {
  /** All of them. */
  static final Map<String, Consumer<Bed>> ALL = new LinkedHashMap<>();

  static {
    ALL.putAll(MoveScenarios.ALL);
    ALL.putAll(CancelScenarios.ALL);
    ALL.putAll(FailureScenarios.ALL);
    ALL.putAll(LinkScenarios.ALL);
    ALL.putAll(OddScenarios.ALL);
  }

  /** Those that were recorded with every pair of versions. */
  static final List<String> EVERYWHERE =
      List.of(
          "happy",
          "manual",
          "rerun_on_failure",
          "running_true",
          "rwx",
          "rename",
          "same_cluster",
          "no_trust",
          "fail_copying",
          "cancel_copying",
          "unschedulable",
          "sync_restarts");

  /** The pairs of versions that were recorded, source first; the last one with all scenarios. */
  static final List<String> PAIRS =
      List.of(
          "1.6-to-1.6",
          "1.7-to-1.7",
          "1.8-to-1.8",
          "1.6-to-1.9",
          "1.8-to-1.9",
          "1.9-to-1.8",
          "1.9-to-1.9");

  private static final String NEWEST = "1.9-to-1.9";

  /** Where chance decides, the seed with which it decides as it did when it was recorded. */
  private static final Map<String, Long> CHANCES = Map.of("same_id", 1L);

  /** Recorded with every pair but the newest, on whose bed trust stood already. */
  private static final String NO_TRUST = "no_trust";

  /** The copy failed on the bed, for reasons of its own. */
  private static final String FAILED_ON_THE_BED = "1.8-to-1.8/same_cluster";

  /** The bed's own pace: claims at once, pods in a moment. */
  private static final Timing PACE =
      new Timing(
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofMillis(300),
          Duration.ofMillis(50),
          Duration.ofMillis(50),
          Duration.ofMillis(50),
          Duration.ofMillis(20),
          Duration.ofSeconds(4),
          Duration.ofSeconds(8),
          Duration.ofSeconds(20),
          0);

  private Scenarios() {}

  /** All that were recorded, as {@code 1.8-to-1.9/happy}. */
  static Stream<String> recorded() {
    return PAIRS.stream()
        .flatMap(
            pair ->
                pair.equals(NEWEST)
                    ? ALL.keySet().stream()
                        .filter(name -> !name.equals(NO_TRUST))
                        .map(name -> pair + "/" + name)
                    : EVERYWHERE.stream().map(name -> pair + "/" + name));
  }

  /** Plays a scenario such as {@code 1.8-to-1.9/happy}. */
  static Story play(String scenario) {
    String[] parts = scenario.split("/|-to-", 3);
    Story story = new Story();
    try (Bed bed =
        new Bed(
            builder ->
                builder
                    .seed(CHANCES.getOrDefault(parts[2], 0L))
                    .version(Side.SOURCE, version(parts[0]))
                    .version(Side.TARGET, version(parts[1])))) {
      bed.world.timing(PACE);
      bed.world.target().trustAllNodes(); // the bed that was recorded has no nodes that could not
      for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
        for (Kind kind : List.of(Kind.KUBEVIRT, Kind.VM, Kind.VMI, Kind.VMIM, Kind.POD)) {
          bed.clusters
              .actorClient(side)
              .genericKubernetesResources(kind.context())
              .inNamespace(kind == Kind.KUBEVIRT ? "kubevirt" : Bed.NAMESPACE)
              .watch(new Listener(story, side == Side.SOURCE ? "a" : "b", kind));
        }
      }
      if (scenario.equals(FAILED_ON_THE_BED)) {
        bed.world.source().hold(Switch.FAIL_SOURCE);
        bed.world.source().hold(Switch.HOLD_RUNNING);
      }
      ALL.get(parts[2]).accept(bed);
    }
    return story;
  }

  private static KubeVirtVersion version(String number) {
    return KubeVirtVersion.valueOf("V" + number.replace('.', '_'));
  }

  private record Listener(Story story, String cluster, Kind kind)
      implements Watcher<GenericKubernetesResource> {
    @Override
    public void eventReceived(Action action, GenericKubernetesResource raw) {
      raw.setKind(kind.kind());
      story.event(cluster, action == Action.DELETED, Thing.of(raw));
    }

    @Override
    public void onClose(WatcherException cause) {
      // the story ends with its bed
    }
  }
}
