package dev.migrator.kubevirt;

import dev.migrator.model.VmRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;

/**
 * What must exist on the target before the halves are made, in the order of creation; nothing of
 * ours (names of the run, labels) is in it yet.
 *
 * @param shared Secrets, ConfigMaps and namespaced instance types or preferences: other machines
 *     may use them too
 * @param volumes the volumes
 * @param receiver the machine that waits for its source
 * @param identity what the guest must find again
 */
record Blueprint(
    List<GenericKubernetesResource> shared,
    List<Volume> volumes,
    GenericKubernetesResource receiver,
    Identity identity) {

  Blueprint {
    shared = List.copyOf(shared);
    volumes = List.copyOf(volumes);
  }

  /**
   * One volume of the target.
   *
   * @param name the name of the volume within the machine: equal on both sides, because KubeVirt
   *     matches the disks by it
   * @param object a blank DataVolume, or a claim where the source has a bare claim
   * @param ownedByMachine whether the machine owns it on the source, so that deleting the machine
   *     deletes the disk
   */
  record Volume(String name, GenericKubernetesResource object, boolean ownedByMachine) {

    /** The claim that the machine attaches; a DataVolume's claim has its name. */
    String claim() {
      return object.getMetadata().getName();
    }

    boolean isDataVolume() {
      return Kind.DATA_VOLUME.matches(object);
    }

    /** For people: {@code DataVolume demo/disk-0}. */
    @Override
    public String toString() {
      return describe(object);
    }
  }

  VmRef target() {
    return new VmRef(receiver.getMetadata().getNamespace(), receiver.getMetadata().getName());
  }

  /** Every object, in the order of creation. */
  List<GenericKubernetesResource> objects() {
    List<GenericKubernetesResource> all = new ArrayList<>(shared);
    volumes.forEach(volume -> all.add(volume.object()));
    all.add(receiver);
    return all;
  }

  /** For people, without content: {@code Secret demo/cloud-init}. */
  static String describe(HasMetadata object) {
    return object.getKind()
        + " "
        + object.getMetadata().getNamespace()
        + "/"
        + object.getMetadata().getName();
  }

  /** For people; never the content, which holds Secrets. */
  @Override
  public String toString() {
    return "blueprint of " + target() + " " + objects().stream().map(Blueprint::describe).toList();
  }
}
