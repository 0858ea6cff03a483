package dev.migrator.testkit.kubevirt.machine;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes object of any kind, read and edited by dotted paths such as {@code status.phase}.
 *
 * <p>What a {@link Store} hands out must not be edited: take a {@link #copy()} first. Not
 * thread-safe.
 */
public final class Thing {
  private final GenericKubernetesResource raw;

  private Thing(GenericKubernetesResource raw) {
    this.raw = raw;
  }

  /** Wraps an object without copying it. */
  public static Thing of(GenericKubernetesResource raw) {
    return new Thing(raw);
  }

  /** A new object that no server knows yet; {@code namespace} is null for cluster-scoped kinds. */
  public static Thing create(Kind kind, @Nullable String namespace, String name) {
    GenericKubernetesResource raw = new GenericKubernetesResource();
    raw.setApiVersion(kind.apiVersion());
    raw.setKind(kind.kind());
    raw.setMetadata(new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
    return new Thing(raw);
  }

  /** A deep copy, free to be edited. */
  public Thing copy() {
    GenericKubernetesResource twin = new GenericKubernetesResource();
    twin.setApiVersion(raw.getApiVersion());
    twin.setKind(raw.getKind());
    twin.setMetadata(new ObjectMetaBuilder(raw.getMetadata()).build());
    raw.getAdditionalProperties()
        .forEach((key, value) -> twin.setAdditionalProperty(key, copyOf(value)));
    return new Thing(twin);
  }

  /** A deep copy of a JSON value: maps, lists, and what they hold. */
  public static @Nullable Object copyOf(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> twin = new LinkedHashMap<>();
      map.forEach((key, inner) -> twin.put(String.valueOf(key), copyOf(inner)));
      return twin;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> twin = new ArrayList<>(list.size());
      list.forEach(inner -> twin.add(copyOf(inner)));
      return twin;
    }
    return value;
  }

  /** The wrapped object itself. */
  public GenericKubernetesResource raw() {
    return raw;
  }

  /** The object's metadata, live. */
  public ObjectMeta meta() {
    return raw.getMetadata();
  }

  /** metadata.name. */
  public String name() {
    return raw.getMetadata().getName();
  }

  /** metadata.namespace, empty for cluster-scoped objects. */
  public String namespace() {
    String namespace = raw.getMetadata().getNamespace();
    return namespace == null ? "" : namespace;
  }

  /** {@code namespace/name}. */
  public String key() {
    return namespace() + "/" + name();
  }

  /** metadata.uid, empty before the object was created. */
  public String uid() {
    String uid = raw.getMetadata().getUid();
    return uid == null ? "" : uid;
  }

  /** metadata.resourceVersion, empty before the object was created. */
  public String version() {
    String version = raw.getMetadata().getResourceVersion();
    return version == null ? "" : version;
  }

  /** Whether a deletion was asked for and waits for finalizers. */
  public boolean deleting() {
    return raw.getMetadata().getDeletionTimestamp() != null;
  }

  /** A label's value, or empty. */
  public String label(String name) {
    Map<String, String> labels = raw.getMetadata().getLabels();
    return labels == null ? "" : labels.getOrDefault(name, "");
  }

  /** An annotation's value, or empty. */
  public String annotation(String name) {
    Map<String, String> annotations = raw.getMetadata().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(name, "");
  }

  /** Whether the annotation stands there, be it empty. */
  public boolean hasAnnotation(String name) {
    Map<String, String> annotations = raw.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(name);
  }

  /** Sets a label, or removes it where the value is null. */
  public Thing label(String name, @Nullable String value) {
    raw.getMetadata().setLabels(with(raw.getMetadata().getLabels(), name, value));
    return this;
  }

  /** Sets an annotation, or removes it where the value is null. */
  public Thing annotation(String name, @Nullable String value) {
    raw.getMetadata().setAnnotations(with(raw.getMetadata().getAnnotations(), name, value));
    return this;
  }

  private static Map<String, String> with(
      @Nullable Map<String, String> old, String name, @Nullable String value) {
    Map<String, String> map = old == null ? new LinkedHashMap<>() : new LinkedHashMap<>(old);
    if (value == null) {
      map.remove(name);
    } else {
      map.put(name, value);
    }
    return map;
  }

  /** Whether the finalizer stands on the object. */
  public boolean hasFinalizer(String name) {
    List<String> finalizers = raw.getMetadata().getFinalizers();
    return finalizers != null && finalizers.contains(name);
  }

  /** Adds (at the end) or removes a finalizer. */
  public Thing finalizer(String name, boolean present) {
    List<String> finalizers = new ArrayList<>();
    if (raw.getMetadata().getFinalizers() != null) {
      finalizers.addAll(raw.getMetadata().getFinalizers());
    }
    finalizers.remove(name);
    if (present) {
      finalizers.add(name);
    }
    raw.getMetadata().setFinalizers(finalizers);
    return this;
  }

  /** The uid of the owner of that kind, or empty. */
  public String owner(String kind) {
    List<OwnerReference> owners = raw.getMetadata().getOwnerReferences();
    if (owners != null) {
      for (OwnerReference owner : owners) {
        if (kind.equals(owner.getKind())) {
          return owner.getUid();
        }
      }
    }
    return "";
  }

  /** Makes the other object this one's controller. */
  public Thing ownedBy(Thing owner) {
    OwnerReference reference = new OwnerReference();
    reference.setApiVersion(owner.raw.getApiVersion());
    reference.setKind(owner.raw.getKind());
    reference.setName(owner.name());
    reference.setUid(owner.uid());
    reference.setController(true);
    reference.setBlockOwnerDeletion(true);
    raw.getMetadata().setOwnerReferences(List.of(reference));
    return this;
  }

  /** The value at a dotted path outside of metadata, or null. */
  public @Nullable Object at(String path) {
    return Json.at(raw.getAdditionalProperties(), path);
  }

  /** The text at a path, or empty. */
  public String text(String path) {
    Object value = at(path);
    return value == null ? "" : String.valueOf(value);
  }

  /** Whether the value at a path is true. */
  public boolean truth(String path) {
    return Boolean.parseBoolean(text(path));
  }

  /** Whether anything but null stands at the path. */
  public boolean has(String path) {
    return at(path) != null;
  }

  /** The object at a path, read-only; empty where there is none. */
  public Map<String, Object> map(String path) {
    return Json.map(at(path));
  }

  /** The objects of a list at a path, read-only; empty where there is none. */
  public List<Map<String, Object>> maps(String path) {
    return Json.maps(at(path));
  }

  /** Sets (creating parents) or, with null, removes the value at a dotted path. */
  public Thing set(String path, @Nullable Object value) {
    // a server answers with the smallest number type, and a copy must compare equal to that
    @Nullable Object stored = value;
    if (value instanceof Long number && number.intValue() == number) {
      stored = number.intValue();
    }
    Json.set(raw.getAdditionalProperties(), path, stored);
    return this;
  }

  /** Whether the two differ in nothing but what a server keeps by itself. */
  public boolean same(Thing other) {
    ObjectMeta mine = raw.getMetadata();
    ObjectMeta theirs = other.raw.getMetadata();
    return Objects.equals(raw.getAdditionalProperties(), other.raw.getAdditionalProperties())
        && Objects.equals(mine.getLabels(), theirs.getLabels())
        && Objects.equals(mine.getAnnotations(), theirs.getAnnotations())
        && Objects.equals(mine.getFinalizers(), theirs.getFinalizers())
        && Objects.equals(mine.getOwnerReferences(), theirs.getOwnerReferences());
  }

  @Override
  public String toString() {
    return raw.getKind() + " " + key();
  }
}
