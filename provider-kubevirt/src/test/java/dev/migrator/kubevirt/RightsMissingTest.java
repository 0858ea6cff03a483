package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.Concern;
import dev.migrator.model.NetworkMapping;
import dev.migrator.model.Requester;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.testkit.apiserver.AccessRule;
import dev.migrator.testkit.apiserver.ApiRequest;
import dev.migrator.testkit.apiserver.Fault;
import dev.migrator.testkit.apiserver.FaultHook;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Each verb of the shipped roles is taken away in turn: preflight says which, and writes nothing.
 */
final class RightsMissingTest {

  private static final Requester ANN = new Requester("ann", List.of("ops"));

  /** A verb of a right on one side. */
  private record Taken(Side side, Right right, String verb) {

    boolean isMeant(AccessRule.Question question) {
      return question.verb().equals(verb)
          && question.group().equals(right.kind().group())
          && question.resource().equals(right.kind().plural())
          && question.subresource().equals(right.subresource())
          && (right.name().isEmpty() || right.name().equals(question.name()));
    }
  }

  @Test
  void everySingleVerbIsNamedWhenItIsMissing() {
    try (MigrationRig rig = everything("VirtualMachineInstancetype", "VirtualMachinePreference")) {
      List<String> silent = new ArrayList<>();
      for (Taken taken : all()) {
        if (!taken.right().kind().name().startsWith("CLUSTER_")) {
          check(rig, taken, silent);
        }
      }
      assertThat(silent).isEmpty();
      assertNothingWritten(rig);
    }
  }

  @Test
  void rightsOnClusterWideInstanceTypesAreNamedToo() {
    try (MigrationRig rig =
        everything("VirtualMachineClusterInstancetype", "VirtualMachineClusterPreference")) {
      List<String> silent = new ArrayList<>();
      all().stream()
          .filter(taken -> taken.right().kind().name().startsWith("CLUSTER_"))
          .forEach(taken -> check(rig, taken, silent));
      assertThat(silent).isEmpty();
      assertNothingWritten(rig);
    }
  }

  @Test
  void whatTheMachineDoesNotNeedIsNotAskedFor() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.rights =
          side -> {
            AccessRule shipped = ShippedRoles.everything(side);
            return question ->
                shipped.allows(question)
                    && !List.of("secrets", "datavolumes", "services", "nodes")
                        .contains(question.resource())
                    && !question.group().startsWith("instancetype")
                    && !question.group().startsWith("authorization");
          };

      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  @Test
  void rolesOfOneNamespaceSufficeForItsMachines() {
    try (MigrationRig rig = new MigrationRig()) {
      rig.sample = MoveTest.full();
      rig.booted();
      AccessRule trust = ShippedRoles.of(Grant.TRUST);
      rig.rights =
          side -> {
            Grant grant = side == Side.SOURCE ? Grant.SOURCE : Grant.TARGET;
            AccessRule own = ShippedRoles.namespaced(grant, MigrationRig.NAMESPACE);
            return question -> own.allows(question) || trust.allows(question);
          };

      MoveTest.assertMoved(rig, rig.run(), "Always");
    }
  }

  @Test
  void aRunWithoutARightIsRefusedBeforeTheFirstWrite() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.rights = side -> question -> !question.verb().equals("delete") && shipped(side, question);

      VmStatus end = rig.run();

      assertThat(end.state()).as(rig::describe).isEqualTo(VmState.FAILED);
      assertThat(end.failure()).isNotNull();
      assertThat(end.failure().message())
          .contains("RightMissing", "delete pods in namespace ns of the target");
      assertNothingWritten(rig);
    }
  }

  @Test
  void aRightThatWasGrantedMeanwhileIsSeenAtOnce() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.rights =
          side -> question -> !question.resource().equals("pods") && shipped(side, question);
      rig.runner();
      assertThat(rig.runner().validate(rig.plan))
          .extracting(Concern::code)
          .contains("RightMissing");

      rig.rights = ShippedRoles::everything;
      rig.grant();

      assertThat(rig.runner().validate(rig.plan)).noneMatch(Concern::isCritical);
    }
  }

  @Test
  void withoutAGapTheRightToRenewTrustIsOnlyMissed() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      MoveTest.assertMoved(rig, rig.run(), "Always");
      rig.restart();
      rig.again();
      rig.rights =
          side -> question -> !question.name().equals(Trust.EXTERNAL) && shipped(side, question);

      assertThat(rig.runner().validate(rig.plan))
          .filteredOn(concern -> concern.code().equals("TrustNotRenewable"))
          .extracting(Concern::subject)
          .containsExactly(
              "get, patch configmaps named kubevirt-external-ca in namespace kubevirt of the source",
              "get, patch configmaps named kubevirt-external-ca in namespace kubevirt of the target");
    }
  }

  @Test
  void rightsThatCannotBeLearnedAreNotTakenForGranted() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.runner();
      rig.clusters.faults(Side.TARGET, answering("selfsubject", 403));

      assertThat(rig.runner().validate(rig.plan))
          .filteredOn(Concern::isCritical)
          .extracting(Concern::code)
          .containsOnly("RightsUnknown");
      assertNothingWritten(rig);
    }
  }

  @Test
  void aServerThatTellsNoRulesIsAskedForEachRight() {
    try (MigrationRig rig = new MigrationRig().booted()) {
      rig.runner();
      for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
        rig.clusters.faults(side, answering("selfsubjectrulesreviews", 404));
      }

      assertThat(rig.runner().validate(rig.plan)).noneMatch(Concern::isCritical);
    }
  }

  /** Answers all requests for resources of that beginning. */
  static FaultHook answering(String resource, int code) {
    return new FaultHook() {
      @Override
      public Fault before(ApiRequest request) {
        return request.resource().startsWith(resource) ? Fault.answer(code) : Fault.NONE;
      }
    };
  }

  private static boolean shipped(Side side, AccessRule.Question question) {
    return ShippedRoles.everything(side).allows(question);
  }

  private static void check(MigrationRig rig, Taken taken, List<String> silent) {
    rig.rights =
        side -> {
          AccessRule shipped = ShippedRoles.everything(side);
          return question ->
              !(side == taken.side() && taken.isMeant(question)) && shipped.allows(question);
        };
    rig.grant();
    // Whatever was answered before is too old by now.
    rig.clock.advance(Duration.ofMinutes(2));
    String verbs = "(.*, )?" + taken.verb() + "(, .*)? ";
    String what = taken.right().resource();
    boolean named =
        rig.runner().validate(rig.plan).stream()
            .filter(concern -> concern.isCritical() || taken.right().when().isForLooking())
            .filter(concern -> concern.code().equals("RightMissing"))
            .anyMatch(
                concern ->
                    concern.subject().matches(verbs + what + "(\\.| named | in ).*")
                        && concern
                            .subject()
                            .endsWith(
                                "of the "
                                    + taken.side().name().toLowerCase(java.util.Locale.ROOT)));
    if (!named) {
      silent.add(taken.toString());
    }
  }

  private static List<Taken> all() {
    List<Taken> all = new ArrayList<>();
    for (Right right : Rights.all()) {
      for (Side side : right.grant().sides()) {
        if (side != Side.HOST) {
          right.verbs().forEach(verb -> all.add(new Taken(side, right, verb)));
        }
      }
    }
    return all;
  }

  private static void assertNothingWritten(MigrationRig rig) {
    assertThat(rig.clusters.requests(Side.SOURCE).writes()).isEmpty();
    assertThat(rig.clusters.requests(Side.TARGET).writes()).isEmpty();
  }

  /** A machine that refers to one of everything, under a plan that asks for everything. */
  private static MigrationRig everything(String instancetype, String preference) {
    MigrationRig rig = new MigrationRig();
    rig.sample =
        MoveTest.full()
            .disk("d0", "1Gi")
            .instancetype("small", "linux")
            .network("lan", "02:00:00:00:00:01");
    rig.booted();
    rig.edit(
        Side.SOURCE,
        vm -> {
          Map<String, Object> spec = vm.getAdditionalProperties();
          Tree.put(spec, instancetype, "spec", "instancetype", "kind");
          Tree.put(spec, preference, "spec", "preference", "kind");
          refer(vm);
        });
    rig.plan =
        rig.plan.toBuilder()
            .requester(ANN)
            .network(new NetworkMapping("ns/lan", "nets/lan"))
            .settings(
                Map.of(
                    "preflight", "full",
                    "instancetypes", "copy",
                    "serviceExports", "mcs",
                    "createNamespace", "true"))
            .build();
    GenericKubernetesResource nets = Kind.NAMESPACE.blank("", "nets");
    rig.clusters.actorClient(Side.TARGET).resource(nets).create();
    return rig;
  }

  /** Lets a machine own its disk root, and refer to a priority class and a service account. */
  static void refer(GenericKubernetesResource vm) {
    Map<String, Object> properties = vm.getAdditionalProperties();
    Map<String, Object> disk =
        Map.of(
            "metadata",
            Map.of("name", vm.getMetadata().getName() + "-root"),
            "spec",
            Map.of("source", Map.of("blank", Map.of()), "storage", Map.of()));
    Tree.put(properties, List.of(disk), "spec", "dataVolumeTemplates");
    Map<String, Object> template = Tree.ensure(properties, "spec", "template", "spec");
    template.put("priorityClassName", "important");
    List<Object> volumes = new ArrayList<>(Tree.maps(template, "volumes"));
    volumes.add(Map.of("name", "token", "serviceAccount", Map.of("serviceAccountName", "robot")));
    template.put("volumes", volumes);
  }
}
