package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.core.MigrationRunner;
import dev.migrator.model.Concern;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.Side;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each thing that can be the matter is found on two clusters before anything is written. */
final class PreflightTest {

  private static final List<?> KEY =
      List.of(
          Map.of("sshPublicKey", Map.of("source", Map.of("secret", Map.of("secretName", "key")))));

  private static PreflightWorld world;

  @BeforeAll
  static void start() {
    world = new PreflightWorld();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @BeforeEach
  void fresh() {
    world.fresh();
  }

  static Stream<PreflightCase> cases() {
    return Stream.of(
            RightsCases.all(),
            ClusterCases.all(),
            SourceCases.all(),
            ArrivalCases.all(),
            TargetCases.all())
        .flatMap(List::stream);
  }

  @Test
  void everyCodeHasACase() {
    Set<ConcernCode> covered =
        cases().flatMap(it -> it.codes().stream()).collect(Collectors.toSet());
    assertThat(Arrays.stream(ConcernCode.values()).filter(code -> !covered.contains(code)))
        .as("codes that no case expects")
        .isEmpty();
  }

  @Test
  void nothingIsTheMatterWithAPlainMachine() {
    world.deploy(Machines.plain());
    assertThat(world.validate(Machines.plain().plan().build()))
        .extracting(Concern::code)
        .containsExactly("PodAddressChanges");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsTheMatterIsFoundAndNothingIsWritten(PreflightCase matter) {
    Machines machine = matter.machine().get();
    world.deploy(machine);
    matter.world().accept(world);

    List<Concern> found = world.validate(matter.plan().apply(machine.plan()).build());

    assertThat(found)
        .extracting(Concern::code)
        .containsAll(matter.codes().stream().map(ConcernCode::code).toList());
    assertThat(found).allSatisfy(concern -> assertThat(concern.message()).endsWith("."));
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      assertThat(world.clusters.requests(side).writes()).isEmpty();
    }
  }

  @Test
  void machinesOfAPlanMayShareASecretAndAnInstanceType() {
    UnaryOperator<Machines> withSecret =
        machine -> machine.both(spec -> Tree.put(spec, KEY, "accessCredentials"));
    world.put(Side.SOURCE, Kind.SECRET.blank(PreflightWorld.NAMESPACE, "key"));
    deploySecond(withSecret.apply(Machines.own("sized")), "second-root");
    MigrationPlan plan = deployFirst(withSecret.apply(Machines.own("sized")), "copy");
    assertThat(world.validate(plan)).noneMatch(Concern::isCritical);
  }

  @Test
  void machinesOfAPlanMayNotShareAClaim() {
    deploySecond(Machines.plain(), "web-root");
    assertThat(critical(world.validate(deployFirst(Machines.plain(), "expand"))))
        .containsExactly("DuplicateObject demo/second", "DuplicateObject demo/second");
  }

  @Test
  void machinesOfAPlanMayNotShareAnAddressOnANetworkThatShowsIt() {
    UnaryOperator<Machines> onVlan =
        machine ->
            machine.both(
                spec ->
                    spec.put(
                        "networks",
                        List.of(
                            Map.of("name", "default", "multus", Map.of("networkName", "vlan-7")))));
    deploySecond(onVlan.apply(Machines.plain()), "second-root");
    assertThat(critical(world.validate(deployFirst(onVlan.apply(Machines.plain()), "expand"))))
        .containsExactly("MacAddressTaken demo/second");
  }

  @Test
  void aCertificateThatIsValidBeforeTrustIsGivenUpIsWaitedForAndALaterOneIsRefused() {
    for (int seconds : new int[] {60, 180}) {
      world.fresh();
      world.deploy(Machines.plain());
      Certs young = PreflightWorld.authority();
      young.from = world.clock.instant().plusSeconds(seconds);
      world.delete(Side.TARGET, Kind.CONFIG_MAP, PreflightWorld.KUBEVIRT, Trust.BUNDLE);
      world.put(Side.TARGET, PreflightWorld.bundle(Certs.pem(young.make())));
      assertThat(world.validate(Machines.plain().plan().build()))
          .extracting(Concern::code)
          .as("in %s seconds", seconds)
          .isEqualTo(
              seconds == 60
                  ? List.of("PodAddressChanges")
                  : List.of("CaBundleUnusable", "PodAddressChanges"));
    }
  }

  @Test
  void machinesOfAPlanThatFitEachByItselfMustFitTogether() {
    deploySecond(Machines.plain(), "second-root");
    MigrationPlan plan = deployFirst(Machines.plain(), "expand");
    quota("15Gi");

    List<Concern> found = world.validate(plan);

    assertThat(found)
        .filteredOn(Concern::isCritical)
        .singleElement()
        .satisfies(
            concern -> {
              assertThat(concern.code()).isEqualTo("QuotaExceeded");
              assertThat(concern.vm()).as("about the plan").isNull();
              assertThat(concern.subject()).isEqualTo("ResourceQuota team");
              assertThat(concern.message()).contains("demo/second", "demo/web", "requests.storage");
            });
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      assertThat(world.clusters.requests(side).writes()).isEmpty();
    }
  }

  @Test
  void aMachineOfAPlanDoesNotTakeRoomTwiceHoweverOftenItIsLookedAt() {
    deploySecond(Machines.plain(), "second-root");
    MigrationPlan plan = deployFirst(Machines.plain(), "expand");
    quota("25Gi");
    try (MigrationRunner runner = world.runner()) {
      for (int looks = 0; looks < 3; looks++) {
        assertThat(runner.validate(plan)).noneMatch(Concern::isCritical);
      }
      world.clock.advance(Duration.ofSeconds(61));
      assertThat(runner.validate(plan)).noneMatch(Concern::isCritical);
    }
  }

  private static void quota(String storage) {
    world.put(
        Side.TARGET,
        PreflightWorld.with(
            Kind.RESOURCE_QUOTA.blank(PreflightWorld.NAMESPACE, "team"),
            Map.of("requests.storage", storage),
            "status",
            "hard"));
  }

  /** A machine called second, like another one, with a disk in a claim of this name. */
  private static void deploySecond(Machines machine, String claim) {
    SourceMachine twin =
        machine
            .both(
                spec ->
                    Tree.maps(spec, "volumes")
                        .forEach(
                            volume -> {
                              volume.remove("dataVolume");
                              Tree.put(volume, claim, "persistentVolumeClaim", "claimName");
                            }))
            .build();
    twin.vm().raw().getMetadata().setName("second");
    twin.instance().orElseThrow().raw().getMetadata().setName("second");
    world.put(Side.SOURCE, twin.vm().raw());
    world.put(Side.SOURCE, twin.instance().orElseThrow().raw());
    twin.claims().values().stream()
        .findFirst()
        .map(Tree::copy)
        .filter(it -> !claim.equals(it.getMetadata().getName()))
        .ifPresent(
            it -> {
              it.getMetadata().setName(claim);
              it.getMetadata().setOwnerReferences(List.of());
              world.put(Side.SOURCE, it);
            });
  }

  private static MigrationPlan deployFirst(Machines machine, String instancetypes) {
    world.deploy(machine);
    return machine
        .plan()
        .vm(PreflightWorld.NAMESPACE, "second")
        .settings(Map.of("instancetypes", instancetypes))
        .build();
  }

  private static List<String> critical(List<Concern> concerns) {
    return concerns.stream()
        .filter(Concern::isCritical)
        .map(concern -> concern.code() + " " + concern.vm())
        .toList();
  }
}
