package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.MigrationPlan;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Side;
import dev.migrator.spi.MigrationException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a cluster answers: it is understood, or taken for nothing. */
class FuzzClustersTest {

  private static final MigrationPlan PLAN = Machines.plain().plan().build();
  private static final KubernetesSerialization JSON = new KubernetesSerialization();
  private static final String STATUS = new StatusCodec(JSON).encode(SampleStatus.full());
  private static final List<String> AUTHORITIES =
      List.of(
          Certs.pem(Certs.authority()),
          Certs.pem(Certs.authority(), Certs.authority()),
          "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n",
          "-----BEGIN CERTIFICATE-----",
          "rubbish\n",
          "");

  @Property(tries = Fuzz.TRIES)
  void anInstallationIsJudged(@ForAll long seed) {
    for (int round = 0; round < Fuzz.INSTALLATIONS.rounds(); round++) {
      Random random = new Random(seed + round);
      KubeVirtView source = installation(random);
      KubeVirtView target = installation(random);
      Fuzz.survive(() -> Migratability.ofClusters(PLAN, KubeVirtOptions.of(PLAN), source, target));
      Fuzz.survive(() -> source.networkBindings() + " " + source.vmStateStorageClass());
    }
  }

  @Property(tries = Fuzz.TRIES)
  void whatBothSidesShowIsGivenAVerdict(@ForAll long seed) {
    for (int round = 0; round < Fuzz.HALVES.rounds(); round++) {
      Random random = new Random(seed + round);
      Map<String, GenericKubernetesResource> found = new LinkedHashMap<>();
      Reads reads =
          (side, kind, namespace, name) ->
              Optional.of(
                  found.computeIfAbsent(side + " " + kind, any -> shown(side, kind, random)));
      PlannedVm vm = PLAN.vms().get(0);
      Fuzz.survive(
          () -> {
            Evidence seen = Evidence.glance(reads, vm, "send", "receive", java.util.Set.of());
            Verdict.Rule rule = Verdict.decide(seen.signs());
            assertThat(rule.reason()).isNotNull();
            assertThat(Reasons.of(seen, Certs.NOW) + Reasons.failure(seen)).hasSizeLessThan(20_000);
            seen.receive().ifPresent(VmimView::synchronizationAddresses);
            seen.target().ifPresent(it -> it.migratedVolumes());
            seen.source().ifPresent(Identity::of);
            return seen.toString() + seen.isMoved();
          });
    }
  }

  @Property(tries = Fuzz.TRIES)
  void aBundleGivesUpItsOwnAuthorityOrNothing(@ForAll long seed) {
    for (int round = 0; round < Fuzz.BUNDLES.rounds(); round++) {
      Random random = new Random(seed + round);
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < random.nextInt(6); i++) {
        text.append(AUTHORITIES.get(random.nextInt(AUTHORITIES.size())));
      }
      for (int i = 0; i < random.nextInt(4) && text.length() > 0; i++) {
        int at = random.nextInt(text.length());
        text.replace(at, Math.min(text.length(), at + random.nextInt(40)), Fuzz.evilText(random));
      }
      GenericKubernetesResource made = Kind.CONFIG_MAP.blank("kubevirt", Trust.BUNDLE);
      made.setAdditionalProperty("data", Map.of("ca-bundle", text.toString()));
      Fuzz.survive(
          () -> {
            PeerAuthority.Own own = new PeerAuthority().of(Side.TARGET, made, Certs.NOW);
            assertThat(own.certificates()).hasSizeLessThanOrEqualTo(1);
            assertThat(own.flaw().isEmpty()).isEqualTo(own.certificates().size() == 1);
            return own;
          });
    }
  }

  @Property(tries = Fuzz.TRIES)
  void aTextIsAQuantityADurationAVersionOrNothing(@ForAll long seed) {
    for (int round = 0; round < Fuzz.QUANTITIES.rounds(); round++) {
      Random random = new Random(seed + round);
      String text =
          (random.nextBoolean() ? random.nextLong() : "")
              + Fuzz.evilText(random)
              + List.of("", "Ei", "h", "e9", ".9.0", "PT1H").get(random.nextInt(6));
      Sizes.bytes(text).ifPresent(size -> assertThat(Sizes.onTarget(size, true)).isNotBlank());
      Sizes.amount(text).ifPresent(it -> assertThat(it.toPlainString()).hasSizeLessThan(200));
      Durations.parse(text).ifPresent(it -> assertThat(it.isNegative()).isFalse());
      KubeVirtVersion.parse(text).ifPresent(it -> assertThat(it.toString()).isNotBlank());
    }
  }

  @Property(tries = Fuzz.TRIES)
  void aStoredStatusIsReadOrNamedUnusable(@ForAll long seed) {
    StatusConfigMap form = new StatusConfigMap("ops", new StatusCodec(JSON));
    for (int round = 0; round < Fuzz.STATUSES.rounds(); round++) {
      Random random = new Random(seed + round);
      GenericKubernetesResource made = Kind.CONFIG_MAP.blank("ops", "status");
      made.getMetadata().setLabels(Map.of(Labels.ROLE, Labels.STATUS));
      made.setAdditionalProperty("data", Map.of(StatusConfigMap.FIELD, status(random)));
      try {
        assertThat(form.read(made)).isNotNull();
      } catch (MigrationException unusable) {
        assertThat(unusable.code()).isEqualTo("StatusUnusable");
        assertThat(unusable.getMessage()).hasSizeLessThan(3000);
      } catch (RuntimeException e) {
        throw new AssertionError("Not said to be unusable", e);
      }
    }
  }

  @Property(tries = Fuzz.TRIES)
  void anAnnotationOfSidecarsIsReadOrPassedOver(@ForAll long seed) {
    for (int round = 0; round < Fuzz.SIDECARS.rounds(); round++) {
      Random random = new Random(seed + round);
      Machines machine = Machines.plain();
      int depth = random.nextInt(5000);
      String json =
          switch (random.nextInt(4)) {
            case 0 -> "[".repeat(depth) + "]".repeat(depth);
            case 1 -> "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
            case 2 -> bomb();
            default -> "[{\"image\":\"x\",\"args\":" + Fuzz.evilText(random);
          };
      machine.spec(
          spec ->
              Tree.put(
                  spec, json, "template", "metadata", "annotations", References.HOOK_SIDECARS));
      Fuzz.survive(() -> References.of(machine.build().vm(), null));
    }
  }

  /** A YAML document of a few lines that stands for a billion values. */
  private static String bomb() {
    StringBuilder text = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 12; i++) {
      String before = "*a" + (i - 1);
      text.append("a" + i + ": &a" + i + " [")
          .append(String.join(",", java.util.Collections.nCopies(9, before)))
          .append("]\n");
    }
    return text.toString();
  }

  private static KubeVirtView installation(Random random) {
    KubeVirtView made = KubeVirts.of("v1.9.0");
    Fuzz.mutate(made.raw().getAdditionalProperties(), random, random.nextInt(4));
    return made;
  }

  private static GenericKubernetesResource shown(Side side, Kind kind, Random random) {
    GenericKubernetesResource made = kind.blank("demo", "web");
    made.getMetadata().setUid(side + "-uid");
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("migrationUid", "TARGET-uid");
    state.put("completed", random.nextBoolean());
    state.put("failed", random.nextBoolean());
    state.put("startTimestamp", "2031-05-04T10:00:00Z");
    state.put("targetNodeDomainReadyTimestamp", "2031-05-04T10:00:00Z");
    state.put("failureReason", "why");
    state.put("sourceState", new LinkedHashMap<>(Map.of("migrationUID", "SOURCE-uid")));
    state.put("targetState", new LinkedHashMap<>(Map.of("migrationUID", "TARGET-uid")));
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("type", "DecentralizedLiveMigrationFailure");
    condition.put("status", "True");
    condition.put("message", "dial failed");
    condition.put("lastTransitionTime", "2031-05-04T10:00:00Z");
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("phase", kind == Kind.INSTANCE ? "Running" : "Synchronizing");
    status.put("migrationState", state);
    status.put("conditions", new java.util.ArrayList<>(List.of(condition)));
    status.put("synchronizationAddresses", new java.util.ArrayList<>(List.of("10.0.0.1:9185")));
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("status", status);
    Fuzz.mutate(root, random, random.nextInt(5));
    made.setAdditionalProperties(root);
    return made;
  }

  private static String status(Random random) {
    if (random.nextInt(4) == 0) {
      int cut = random.nextInt(STATUS.length());
      return STATUS.substring(0, cut) + Fuzz.evilText(random) + STATUS.substring(cut);
    }
    Map<String, Object> tree = Tree.copy(Tree.map(JSON.unmarshal(STATUS, Map.class)));
    Fuzz.mutate(tree, random, 1 + random.nextInt(3));
    return JSON.asJson(tree);
  }
}
