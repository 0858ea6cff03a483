package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Concern;
import dev.migrator.model.Endpoint;
import dev.migrator.model.Hook;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.NetworkMapping;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Requester;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmStatus;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Whatever a plan says: it cannot be made, it is refused with concerns, or it is a plan. */
class FuzzPlansTest {

  private final StatusConfigMap statuses =
      new StatusConfigMap("ops", new StatusCodec(new KubernetesSerialization()));

  @Property(tries = Fuzz.TRIES)
  void aPlanIsRefusedWithAReasonOrUnderstood(@ForAll long seed) {
    for (int round = 0; round < Fuzz.PLANS.rounds(); round++) {
      Random random = new Random(seed + round);
      plan(random).ifPresent(this::check);
    }
  }

  private void check(MigrationPlan plan) {
    List<Concern> concerns = Migratability.ofPlan(plan);
    assertThat(concerns.toString()).hasSizeLessThan(300_000);
    assertThat(concerns.toString()).doesNotContain("\n", "\u0000", "\u202e");
    if (concerns.stream().anyMatch(Concern::isCritical)) {
      return;
    }
    KubeVirtOptions options = KubeVirtOptions.of(plan);
    assertThat(options.deadlines().trust()).isPositive();
    for (PlannedVm vm : plan.vms()) {
      Names names = Names.of(plan, vm);
      assertThat(names.receiveHalf(1)).hasSizeLessThanOrEqualTo(63);
      VmStatus status = VmStatus.pending(plan, vm);
      assertThat(statuses.text(status)).hasSizeLessThan(StatusConfigMap.MOST_BYTES);
      assertThat(statuses.draw(status, "{}", "mark").getMetadata().getName())
          .matches("[a-z0-9.-]{1,253}");
      Labels.selector(plan).values().forEach(FuzzPlansTest::assertLabel);
      Fuzz.survive(() -> Migratability.ofClusters(plan, options, KUBEVIRT, KUBEVIRT));
    }
  }

  private static final KubeVirtView KUBEVIRT = KubeVirts.of("v1.9.0");

  private static void assertLabel(String value) {
    assertThat(value).matches("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
  }

  /** A plan; empty when the model itself refuses it, which must say why. */
  private static Optional<MigrationPlan> plan(Random random) {
    try {
      MigrationPlan.Builder plan =
          MigrationPlan.builder(
                  some(random, "plan"),
                  new Endpoint("kubevirt", some(random, "a"), Map.of()),
                  new Endpoint(some(random, "kubevirt"), "b", settings(random)))
              .run(some(random, "1"))
              .warm(random.nextInt(20) == 0)
              .type(some(random, "live"))
              .settings(settings(random));
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        VmRef vm = new VmRef(some(random, "demo"), some(random, "vm-" + i));
        plan.vm(new PlannedVm(vm, random.nextBoolean() ? vm : target(random), hook(random), null));
      }
      plan.storage(
          new StorageMapping(
              some(random, "*"),
              some(random, "fast"),
              maybe(random, "ReadWriteOnce"),
              maybe(random, "Block")));
      plan.network(new NetworkMapping(some(random, "pod"), maybe(random, "demo/net")));
      if (random.nextBoolean()) {
        plan.requester(new Requester(some(random, "ann"), List.of(some(random, "people"))));
      }
      return Optional.of(plan.build());
    } catch (IllegalArgumentException refused) {
      assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(1000);
      return Optional.empty();
    } catch (MigrationException e) {
      throw new AssertionError("The model throws nothing of the runner's", e);
    }
  }

  private static VmRef target(Random random) {
    return new VmRef(some(random, "other"), some(random, "vm"));
  }

  private static @Nullable Hook hook(Random random) {
    return random.nextInt(4) > 0
        ? null
        : new Hook(
            some(random, "hook"),
            some(random, "image"),
            new ArrayList<>(List.of(some(random, "run"))),
            maybe(random, "playbook"),
            maybe(random, "account"),
            Duration.ofMinutes(random.nextInt(100) - 10),
            Hook.OnFailure.WARN);
  }

  private static Map<String, String> settings(Random random) {
    Map<String, String> settings = new HashMap<>();
    for (int i = 0; i < random.nextInt(4); i++) {
      Setting setting = Setting.values()[random.nextInt(Setting.values().length)];
      settings.put(some(random, setting.key()), some(random, setting.fallback()));
    }
    return settings;
  }

  private static String some(Random random, String good) {
    return random.nextInt(12) == 0 ? Fuzz.evilText(random) : good;
  }

  private static @Nullable String maybe(Random random, String good) {
    return random.nextInt(3) == 0 ? null : some(random, good);
  }
}
