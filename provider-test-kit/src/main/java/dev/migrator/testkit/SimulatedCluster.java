package dev.migrator.testkit;

import dev.migrator.model.ObjectRef;
import dev.migrator.model.Side;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One toy cluster: objects by kind, namespace and name, behind requests that can fail. */
final class SimulatedCluster {

  static final String API = "simulated/v1";

  /**
   * A toy object.
   *
   * @param ref where it is, and its uid
   * @param owner the plan and machine that it was made for; empty for a person's own
   * @param data its content
   */
  record Thing(ObjectRef ref, String owner, Map<String, String> data) {

    String get(String key) {
      return data.getOrDefault(key, "");
    }
  }

  private final Side side;
  private final Map<String, Thing> things = new TreeMap<>();
  private boolean unreachable;
  private int uids;

  SimulatedCluster(Side side) {
    this.side = side;
  }

  void outage(boolean unreachable) {
    this.unreachable = unreachable;
  }

  Optional<Thing> find(String kind, String namespace, String name) throws IOException {
    request();
    return peek(kind, namespace, name);
  }

  /** Creates an object; an existing one of that place is a conflict. */
  Thing create(String kind, String namespace, String name, String owner, Map<String, String> data)
      throws IOException {
    request();
    if (things.containsKey(key(kind, namespace, name))) {
      throw new IOException("409: " + kind + " " + namespace + "/" + name + " exists already");
    }
    return put(kind, namespace, name, owner, data);
  }

  /** Changes an object's content; an absent one is an error. */
  void update(Thing thing, Map<String, String> change) throws IOException {
    request();
    ObjectRef ref = thing.ref();
    if (!things.containsKey(key(ref.kind(), ref.namespace(), ref.name()))) {
      throw new IOException("404: " + ref);
    }
    change(thing, change);
  }

  /** Deletes an object if it is still the same one; otherwise nothing happens. */
  void delete(ObjectRef ref) throws IOException {
    request();
    String key = key(ref.kind(), ref.namespace(), ref.name());
    Thing there = things.get(key);
    if (there != null && there.ref().uid().equals(ref.uid())) {
      things.remove(key);
    }
  }

  /** What the cluster's own controllers and the test see: never unreachable. */
  Optional<Thing> peek(String kind, String namespace, String name) {
    return Optional.ofNullable(things.get(key(kind, namespace, name)));
  }

  /** Puts an object there without a request, as its owner would. */
  Thing put(String kind, String namespace, String name, String owner, Map<String, String> data) {
    ObjectRef ref = new ObjectRef(side, API, kind, namespace, name, side + "-" + ++uids);
    Thing thing = new Thing(ref, owner, Map.copyOf(data));
    things.put(key(kind, namespace, name), thing);
    return thing;
  }

  /** Changes an object's content without a request, as a controller would. */
  void change(Thing thing, Map<String, String> change) {
    ObjectRef ref = thing.ref();
    Map<String, String> data = new TreeMap<>(thing.data());
    data.putAll(change);
    things.put(
        key(ref.kind(), ref.namespace(), ref.name()),
        new Thing(ref, thing.owner(), Map.copyOf(data)));
  }

  /** Every object with its content. */
  Map<String, String> snapshot() {
    Map<String, String> all = new TreeMap<>();
    things.values().stream()
        .filter(thing -> !thing.ref().kind().equals("Trust"))
        .forEach(thing -> all.put(thing.ref().toString(), lasting(thing)));
    return all;
  }

  private static String lasting(Thing thing) {
    Map<String, String> data = new TreeMap<>(thing.data());
    data.remove("since");
    data.remove("percent");
    return data.toString();
  }

  private void request() throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("Interrupted while asking the " + side);
    }
    if (unreachable) {
      throw new IOException("The " + side + " cannot be reached");
    }
  }

  private static String key(String kind, String namespace, String name) {
    return kind + " " + namespace + "/" + name;
  }
}
