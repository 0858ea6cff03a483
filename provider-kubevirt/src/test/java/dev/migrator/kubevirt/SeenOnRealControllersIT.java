package dev.migrator.kubevirt;

import dev.migrator.kubevirt.Scenario.Reach;
import dev.migrator.testkit.kubevirt.Clusters;
import dev.migrator.testkit.kubevirt.ClustersExtension;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The scenarios of {@link SeenOnRealControllersTest} in real time, side by side in namespaces of
 * their own: on real API servers with simulated controllers, or on existing clusters with real
 * KubeVirt, where {@link Disturbances#PROGRAM} breaks things.
 *
 * <p>One of each row runs by default; {@code -Dmigrator.scenarios} chooses by a regular expression,
 * such as {@code .*}.
 */
@ExtendWith(ClustersExtension.class)
final class SeenOnRealControllersIT {

  private static final String CHOSEN = System.getProperty("migrator.scenarios", "");

  /** How many moves at a time do not starve real controllers of a machine's few processors. */
  private static final int AT_ONCE = 8;

  private static ExecutorService threads;
  private static Semaphore places;
  private static LiveRig rig;

  @BeforeAll
  static void join(Clusters clusters) {
    threads = Executors.newCachedThreadPool();
    rig = new LiveRig(clusters);
    places = new Semaphore(rig.isRealKubeVirt() ? AT_ONCE : Scenarios.ALL.size());
    if (!rig.isRealKubeVirt()) {
      rig.unlimited();
    }
  }

  @AfterAll
  static void leave() {
    threads.shutdownNow();
    if (rig != null) {
      rig.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> endsAsItMust() {
    Map<Scenario, CompletableFuture<Void>> ends = new LinkedHashMap<>();
    groups().forEach(group -> group.forEach(each -> ends.put(each, new CompletableFuture<>())));
    CompletableFuture.runAsync(() -> groups().forEach(group -> play(group, ends)), threads);
    return ends.entrySet().stream()
        .map(end -> DynamicTest.dynamicTest(end.getKey().name(), () -> join(end.getValue())));
  }

  /** Those of one group run side by side, the groups one after another. */
  private static List<List<Scenario>> groups() {
    boolean scoped = rig.disturbances.isScoped();
    List<List<Scenario>> groups = new ArrayList<>();
    groups.add(chosen(each -> each.reach() == Reach.NAMESPACE || (scoped && isSync(each))));
    if (!scoped) {
      List<Seen> cuts = List.of(Seen.CUT_THEN_POD_GONE, Seen.CUT_THEN_HEALED);
      groups.add(chosen(each -> isSync(each) && cuts.contains(each.row())));
      groups.add(chosen(each -> each.row() == Seen.SYNC_RESTARTED));
      groups.add(chosen(each -> each.row() == Seen.API_STANDS_STILL));
      groups.add(chosen(each -> each.row() == Seen.SYNC_DOWN));
    }
    chosen(each -> each.reach() == Reach.CLUSTER).forEach(each -> groups.add(List.of(each)));
    return groups;
  }

  private static boolean isSync(Scenario scenario) {
    return scenario.reach() == Reach.SYNC;
  }

  private static List<Scenario> chosen(Predicate<Scenario> which) {
    return Scenarios.ALL.stream()
        .filter(which)
        .filter(each -> CHOSEN.isEmpty() ? each.isSample() : each.name().matches(CHOSEN))
        .toList();
  }

  private static void play(List<Scenario> group, Map<Scenario, CompletableFuture<Void>> ends) {
    Together together = new Together(group.size(), rig.disturbances.isScoped());
    for (Scenario each : group) {
      threads.execute(() -> play(each, together, ends.get(each)));
    }
    CompletableFuture.allOf(group.stream().map(ends::get).toArray(CompletableFuture[]::new))
        .exceptionally(failed -> null)
        .join();
  }

  private static void play(Scenario scenario, Together together, CompletableFuture<Void> end) {
    places.acquireUninterruptibly();
    try (Stage stage = new LiveStage(rig, scenario.name(), together)) {
      scenario.play(stage);
      end.complete(null);
    } catch (Throwable failed) {
      end.completeExceptionally(failed);
    } finally {
      places.release();
    }
  }

  private static void join(CompletableFuture<Void> end) throws Throwable {
    try {
      end.join();
    } catch (CompletionException failed) {
      throw failed.getCause();
    }
  }
}
