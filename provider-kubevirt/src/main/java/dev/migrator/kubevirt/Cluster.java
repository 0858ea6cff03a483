package dev.migrator.kubevirt;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The API server of one side: one request a call, lossless objects, classified errors.
 *
 * <p>It decides nothing; {@link Ensure} does. Safe for use by several threads.
 */
final class Cluster {

  private final Side side;
  private final KubernetesClient client;
  private final Patcher patcher;
  private final AccessReviews reviews;

  Cluster(Side side, KubernetesClient client) {
    this.side = side;
    this.client = client;
    this.patcher = new Patcher(client);
    this.reviews = new AccessReviews(client);
  }

  /** Which side this is. */
  Side side() {
    return side;
  }

  /** What may be done here. */
  AccessReviews reviews() {
    return reviews;
  }

  /** Reads an object; empty when there is none, or no such kind. */
  Optional<GenericKubernetesResource> get(Kind kind, String namespace, String name) {
    try {
      return Optional.ofNullable(one(kind, namespace, name).get());
    } catch (KubernetesClientException e) {
      if (K8sErrors.isNotFound(e)) {
        return Optional.empty();
      }
      throw K8sErrors.classify("read " + describe(kind, namespace, name), e);
    }
  }

  /** Reads the objects of a namespace with these labels; an empty namespace stands for all. */
  List<GenericKubernetesResource> list(Kind kind, String namespace, Map<String, String> labels) {
    try {
      var operation = all(kind);
      return namespace.isEmpty() || !kind.namespaced()
          ? operation.inAnyNamespace().withLabels(labels).list().getItems()
          : operation.inNamespace(namespace).withLabels(labels).list().getItems();
    } catch (KubernetesClientException e) {
      if (K8sErrors.isNotFound(e)) {
        return List.of();
      }
      throw K8sErrors.classify("list " + describe(kind, namespace, "*"), e);
    }
  }

  /** Reads the events about the objects of one name in a namespace. */
  List<GenericKubernetesResource> events(String namespace, String object) {
    return eventsWith(namespace, "involvedObject.name", object);
  }

  /** Reads the events about the pods of a namespace. */
  List<GenericKubernetesResource> podEvents(String namespace) {
    return eventsWith(namespace, "involvedObject.kind", Kind.POD.kind());
  }

  private List<GenericKubernetesResource> eventsWith(String namespace, String field, String value) {
    try {
      return all(Kind.EVENT).inNamespace(namespace).withField(field, value).list().getItems();
    } catch (KubernetesClientException e) {
      throw K8sErrors.classify("list events of " + value, e);
    }
  }

  /**
   * Creates an object.
   *
   * @return the object as the server stored it, or empty when the name is taken
   */
  Optional<GenericKubernetesResource> create(GenericKubernetesResource object) {
    Kind kind = Kind.of(object.getApiVersion(), object.getKind());
    String namespace = namespace(object);
    String name = object.getMetadata().getName();
    try {
      return Optional.of(of(kind, namespace, object).create());
    } catch (KubernetesClientException e) {
      if (K8sErrors.isConflict(e)) {
        return Optional.empty();
      }
      throw K8sErrors.classify("create " + describe(kind, namespace, name), e, object);
    }
  }

  /**
   * What a server would say to the creation of an object.
   *
   * @param stored what it would store; empty when it would not
   * @param refusal why it would not, in its own words; empty when it would, or the name is taken
   * @param isTaken whether an object of this name is there
   * @param isTold whether this says anything: a webhook may take no dry runs
   */
  record DryRun(
      Optional<GenericKubernetesResource> stored, String refusal, boolean isTaken, boolean isTold) {

    /** For people; never the content. */
    @Override
    public String toString() {
      return "dry run " + stored.map(Blueprint::describe).orElse(isTaken ? "taken" : refusal);
    }
  }

  /**
   * Tries the creation of an object; nothing is written.
   *
   * <p>Validation is strict: it refuses a field that the server does not know, before admission
   * sees the object. Such a field would be dropped, not refused, when the object is made, so the
   * object is tried once more as it would be made.
   */
  DryRun dryRun(GenericKubernetesResource object) {
    return dryRun(object, Validation.STRICT);
  }

  private DryRun dryRun(GenericKubernetesResource object, Validation validation) {
    Kind kind = Kind.of(object.getApiVersion(), object.getKind());
    String namespace = namespace(object);
    try {
      return new DryRun(
          Optional.of(of(kind, namespace, object).dryRun().fieldValidation(validation).create()),
          "",
          false,
          true);
    } catch (KubernetesClientException e) {
      if (K8sErrors.isConflict(e)) {
        return new DryRun(Optional.empty(), "", true, true);
      }
      String said = e.getStatus() == null ? "" : String.valueOf(e.getStatus().getMessage());
      if (validation == Validation.STRICT && said.contains("strict decoding error")) {
        return dryRun(object, Validation.WARN);
      }
      if (said.contains("does not support dry run")) {
        return new DryRun(Optional.empty(), K8sErrors.refusal(e, object), false, false);
      }
      if (e.getCode() >= 400 && e.getCode() < 429) {
        return new DryRun(Optional.empty(), K8sErrors.refusal(e, object), false, true);
      }
      throw K8sErrors.classify(
          "try " + describe(kind, namespace, object.getMetadata().getName()), e, object);
    }
  }

  /**
   * Changes an object if it is as the patch takes it to be.
   *
   * @return the changed object, or empty when a test of the patch failed, the object is gone or the
   *     server refuses the result; the caller reads it to learn which
   */
  Optional<GenericKubernetesResource> patch(
      Kind kind, String namespace, String name, JsonPatch patch) {
    try {
      return Optional.of(
          patcher.patch(kind.path(namespace, name), Patcher.JSON, patch.operations()));
    } catch (KubernetesClientException e) {
      if (K8sErrors.isNotFound(e) || K8sErrors.isInvalid(e) || K8sErrors.isConflict(e)) {
        return Optional.empty();
      }
      throw K8sErrors.classify("change " + describe(kind, namespace, name), e);
    }
  }

  /**
   * Sets annotations of an object, and nothing else of it; a null value takes one away.
   *
   * @return whether there was such an object; false for another one of the same name
   */
  boolean annotate(ObjectRef object, String key, @Nullable String value) {
    Map<String, Object> annotations = new HashMap<>();
    annotations.put(key, value);
    Map<String, Object> body =
        Map.of("metadata", Map.of("uid", object.uid(), "annotations", annotations));
    try {
      patcher.patch(Kind.of(object).path(object.namespace(), object.name()), Patcher.MERGE, body);
      return true;
    } catch (KubernetesClientException e) {
      // A server calls another uid an invalid change of it, not a conflict.
      if (K8sErrors.isNotFound(e) || K8sErrors.isConflict(e) || isAnother(e, object)) {
        return false;
      }
      throw K8sErrors.classify("annotate " + object, e);
    }
  }

  private boolean isAnother(KubernetesClientException refusal, ObjectRef object) {
    return K8sErrors.isInvalid(refusal)
        && get(Kind.of(object), object.namespace(), object.name())
            .filter(found -> object.uid().equals(found.getMetadata().getUid()))
            .isEmpty();
  }

  /**
   * Merges into an object at the version at which it was read.
   *
   * @param version the resource version
   * @param change what to merge; it has {@code metadata}
   * @return the changed object, or empty when it has another version or is gone
   */
  Optional<GenericKubernetesResource> merge(
      Kind kind, String namespace, String name, String version, Map<String, Object> change) {
    Map<String, Object> body = Tree.copy(change);
    Tree.put(body, version, "metadata", "resourceVersion");
    try {
      return Optional.of(patcher.patch(kind.path(namespace, name), Patcher.MERGE, body));
    } catch (KubernetesClientException e) {
      if (K8sErrors.isNotFound(e) || K8sErrors.isConflict(e)) {
        return Optional.empty();
      }
      throw K8sErrors.classify("change " + describe(kind, namespace, name), e);
    }
  }

  /**
   * Asks for the deletion of the object with this uid.
   *
   * @param version also only if it is still at this resource version; empty for any
   * @return whether the server took it; false when the object, or this uid of it, is gone or has
   *     another version
   */
  boolean delete(ObjectRef object, String version) {
    Kind kind = Kind.of(object);
    DeleteOptionsBuilder options =
        new DeleteOptionsBuilder()
            .withApiVersion("v1")
            .withPropagationPolicy("Background")
            .withNewPreconditions()
            .withUid(object.uid())
            .endPreconditions();
    if (!version.isEmpty()) {
      options.editPreconditions().withResourceVersion(version).endPreconditions();
    }
    try {
      client.raw(kind.path(object.namespace(), object.name()), "DELETE", options.build());
      return true;
    } catch (KubernetesClientException e) {
      if (K8sErrors.isNotFound(e) || K8sErrors.isConflict(e)) {
        return false;
      }
      throw K8sErrors.classify("delete " + object, e);
    }
  }

  /** The ledger entry of an object of this side. */
  ObjectRef ref(GenericKubernetesResource object) {
    return new ObjectRef(
        side,
        object.getApiVersion(),
        object.getKind(),
        namespace(object),
        object.getMetadata().getName(),
        object.getMetadata().getUid());
  }

  /** The client, for watches only. */
  MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      all(Kind kind) {
    return client.genericKubernetesResources(kind.context());
  }

  private Resource<GenericKubernetesResource> one(Kind kind, String namespace, String name) {
    return kind.namespaced()
        ? all(kind).inNamespace(namespace).withName(name)
        : all(kind).withName(name);
  }

  private Resource<GenericKubernetesResource> of(
      Kind kind, String namespace, GenericKubernetesResource object) {
    return kind.namespaced()
        ? all(kind).inNamespace(namespace).resource(object)
        : all(kind).resource(object);
  }

  private String describe(Kind kind, String namespace, String name) {
    return side.name().toLowerCase(Locale.ROOT)
        + " "
        + kind.kind()
        + " "
        + (namespace.isEmpty() ? "" : namespace + "/")
        + name;
  }

  private static String namespace(GenericKubernetesResource object) {
    String namespace = object.getMetadata().getNamespace();
    return namespace == null ? "" : namespace;
  }
}
