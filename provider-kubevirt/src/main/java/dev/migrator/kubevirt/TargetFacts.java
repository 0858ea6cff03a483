package dev.migrator.kubevirt;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was looked up on the target: each object is there, is known to be missing, or was not looked
 * for. Nothing is concluded from what was not looked for.
 *
 * @param objects the objects that were looked up, by place; empty where there was none
 * @param lists the kinds that were listed, in the machine's namespace or in the cluster
 * @param sourceNode the node that the machine leaves, whose likeness the target must have; empty
 *     where it was not looked up
 * @param sourcePolicy the migration policy that rules the machine on the source; empty where there
 *     is none, or it is not known
 * @param unseen what was asked for and may not be seen, for people
 */
record TargetFacts(
    Map<Place, Optional<GenericKubernetesResource>> objects,
    Map<Kind, List<GenericKubernetesResource>> lists,
    Optional<GenericKubernetesResource> sourceNode,
    Optional<GenericKubernetesResource> sourcePolicy,
    Set<String> unseen) {

  /** KubeVirt's default before Kubernetes' own (contract 4.2). */
  private static final List<String> DEFAULT_CLASS =
      List.of(
          "storageclass.kubevirt.io/is-default-virt-class",
          "storageclass.kubernetes.io/is-default-class");

  private static final TargetFacts UNKNOWN =
      new TargetFacts(Map.of(), Map.of(), Optional.empty(), Optional.empty(), Set.of());

  TargetFacts {
    objects = Map.copyOf(objects);
    lists = Map.copyOf(lists);
    unseen = Set.copyOf(unseen);
  }

  /**
   * Where an object lives.
   *
   * @param kind its kind
   * @param namespace its namespace; empty for a kind without namespaces
   * @param name its name
   */
  record Place(Kind kind, String namespace, String name) {

    static Place of(Kind kind, String namespace, String name) {
      return new Place(kind, kind.namespaced() ? namespace : "", name);
    }

    /** The place of a name of the form {@code namespace/name}. */
    static Place of(Kind kind, String qualified) {
      int slash = qualified.indexOf('/');
      return of(kind, qualified.substring(0, slash), qualified.substring(slash + 1));
    }

    static Place of(GenericKubernetesResource object) {
      String namespace = object.getMetadata().getNamespace();
      return of(
          Kind.of(object.getApiVersion(), object.getKind()),
          namespace == null ? "" : namespace,
          object.getMetadata().getName());
    }

    /** For people: {@code Secret demo/cloud-init}. */
    String describe() {
      return kind.kind() + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
    }
  }

  /** Nothing was looked up. */
  static TargetFacts unknown() {
    return UNKNOWN;
  }

  /** The object, if it was looked up and is there. */
  Optional<GenericKubernetesResource> find(Kind kind, String namespace, String name) {
    return objects.getOrDefault(Place.of(kind, namespace, name), Optional.empty());
  }

  /** Whether the object was looked up and is not there. */
  boolean isMissing(Kind kind, String namespace, String name) {
    Place place = Place.of(kind, namespace, name);
    return objects.containsKey(place) && objects.get(place).isEmpty();
  }

  /** The objects of a kind, or empty when it was not listed. */
  Optional<List<GenericKubernetesResource>> list(Kind kind) {
    return Optional.ofNullable(lists.get(kind));
  }

  /** The class of claims that name none; empty where it is not known, or there is none. */
  Optional<String> defaultStorageClass() {
    List<GenericKubernetesResource> classes = list(Kind.STORAGE_CLASS).orElse(List.of());
    return DEFAULT_CLASS.stream()
        .flatMap(
            mark -> classes.stream().filter(it -> "true".equals(Labels.annotations(it).get(mark))))
        .map(it -> it.getMetadata().getName())
        .findFirst();
  }

  /** Adds an object that was looked up; for callers that read one thing more. */
  TargetFacts with(
      Kind kind, String namespace, String name, Optional<GenericKubernetesResource> found) {
    Map<Place, Optional<GenericKubernetesResource>> more = new HashMap<>(objects);
    more.put(Place.of(kind, namespace, name), found);
    return new TargetFacts(more, lists, sourceNode, sourcePolicy, unseen);
  }

  /** Adds the objects of a kind; for callers that list one kind more. */
  TargetFacts with(Kind kind, List<GenericKubernetesResource> found) {
    Map<Kind, List<GenericKubernetesResource>> more = new HashMap<>(lists);
    more.put(kind, List.copyOf(found));
    return new TargetFacts(objects, more, sourceNode, sourcePolicy, unseen);
  }

  /** Adds the node that the machine leaves. */
  TargetFacts from(Optional<GenericKubernetesResource> node) {
    return new TargetFacts(objects, lists, node, sourcePolicy, unseen);
  }

  /** Adds the policy that rules the machine where it is. */
  TargetFacts ruledBy(Optional<GenericKubernetesResource> policy) {
    return new TargetFacts(objects, lists, sourceNode, policy, unseen);
  }

  /** For people; never the content, which may hold Secrets. */
  @Override
  public String toString() {
    return "facts about " + objects.keySet().stream().map(Place::describe).toList();
  }
}
