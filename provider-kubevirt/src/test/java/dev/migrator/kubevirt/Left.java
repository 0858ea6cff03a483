package dev.migrator.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a run left behind, without what is drawn anew in every run.
 *
 * @param state how it ended
 * @param source the objects on the source, pods left out
 * @param target the objects on the target, pods left out
 * @param made what stands on the target and says that it is ours, with a digest of its spec
 * @param strategies the run strategies of both sides
 * @param ledger what the status says is left
 * @param warnings what the status warns of, without numbers and uids
 */
record Left(
    VmState state,
    Set<String> source,
    Set<String> target,
    Map<String, String> made,
    List<String> strategies,
    Set<String> ledger,
    Set<String> warnings) {

  private static final Pattern DRAWN = Pattern.compile("[0-9a-f]{8}-[0-9a-f-]{27}|\\d+");

  private static final List<Kind> MADE =
      List.of(
          Kind.VIRTUAL_MACHINE,
          Kind.MIGRATION,
          Kind.DATA_VOLUME,
          Kind.PVC,
          Kind.SECRET,
          Kind.CONFIG_MAP,
          Kind.INSTANCETYPE,
          Kind.PREFERENCE,
          Kind.SERVICE,
          Kind.SERVICE_EXPORT);

  /**
   * Looks at the end of a run, and holds it to what must be true of every end: the ledger is what
   * stands in the clusters, exactly one guest runs, on the right side, and no oracle spoke.
   */
  static Left of(MigrationRig rig, VmStatus end, Flow flow) {
    assertThat(end.state()).as(rig::describe).isEqualTo(flow.end());
    assertThat(rig.simulator.oracles().violations()).isEmpty();
    assertThat(rig.running()).containsExactly(flow.isMoved() ? Side.TARGET : Side.SOURCE);
    Map<String, String> made = new TreeMap<>();
    Set<String> ours = new TreeSet<>();
    for (Side side : List.of(Side.SOURCE, Side.TARGET)) {
      Cluster cluster = new Cluster(side, rig.clusters.actorClient(side));
      for (Kind kind : MADE) {
        for (GenericKubernetesResource each : cluster.list(kind, "", Map.of())) {
          if (isMade(each)) {
            ours.add(line(cluster.ref(each)) + " " + each.getMetadata().getUid());
            made.put(line(cluster.ref(each)), digest(each));
          }
        }
      }
    }
    ours.addAll(ofHooks(rig));
    assertThat(end.ledger().stream().map(entry -> line(entry) + " " + entry.uid()))
        .as("the ledger, against the clusters")
        .containsExactlyInAnyOrderElementsOf(ours);
    return new Left(
        end.state(),
        withoutPods(rig, Side.SOURCE),
        withoutPods(rig, Side.TARGET),
        made,
        List.of(rig.strategy(Side.SOURCE), rig.strategy(Side.TARGET)),
        new TreeSet<>(end.ledger().stream().map(Left::line).toList()),
        new TreeSet<>(
            end.warnings().stream()
                .map(warning -> DRAWN.matcher(warning).replaceAll("#"))
                .toList()));
  }

  /** Jobs and what they mount; hooks run on the source's cluster here, which is the host's. */
  private static Set<String> ofHooks(MigrationRig rig) {
    KubernetesClient host = rig.clusters.actorClient(Side.SOURCE);
    Set<String> found = new TreeSet<>();
    for (Job job : host.batch().v1().jobs().inNamespace(MigrationRig.NAMESPACE).list().getItems()) {
      String name = job.getMetadata().getName();
      found.add("host Job ns/" + name + " " + job.getMetadata().getUid());
      ConfigMap mounted =
          host.configMaps().inNamespace(MigrationRig.NAMESPACE).withName(name).require();
      found.add("host ConfigMap ns/" + name + " " + mounted.getMetadata().getUid());
    }
    return found;
  }

  /** A claim of a DataVolume is KubeVirt's; what a Job mounts is the Job's. */
  private static boolean isMade(GenericKubernetesResource object) {
    boolean annotated =
        Labels.annotations(object).keySet().stream()
            .anyMatch(
                key -> key.equals(Labels.DIGEST) || key.startsWith(Labels.PREFIX + "used-by-"));
    return annotated && Labels.isOurs(object);
  }

  /** A claim's volume is the provisioner's, under a name that is drawn. */
  private static String digest(GenericKubernetesResource object) {
    Map<String, Object> spec = new TreeMap<>(Tree.map(object.getAdditionalProperties(), "spec"));
    spec.remove("volumeName");
    return Hash.of(Canonical.text(spec), Canonical.text(object.getMetadata().getLabels()));
  }

  private static String line(ObjectRef entry) {
    return entry.toString();
  }

  private static Set<String> withoutPods(MigrationRig rig, Side side) {
    Set<String> objects = rig.simulator.oracles().objects(side, MigrationRig.NAMESPACE);
    objects.removeIf(name -> name.startsWith("Pod/"));
    return objects;
  }
}
