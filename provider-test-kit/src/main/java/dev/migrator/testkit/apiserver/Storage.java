package dev.migrator.testkit.apiserver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one server, the latest changes and who depends on whom. Not safe for several
 * threads: the server locks around it.
 */
final class Storage {

  private static final int HISTORY = 20_000;

  private final Map<String, TreeMap<String, TreeMap<String, Stored>>> tables = new HashMap<>();
  private final Map<String, Set<Stored>> dependents = new HashMap<>();
  private final Map<String, Stored> byUid = new HashMap<>();
  private final Deque<Change> history = new ArrayDeque<>();
  private long version = 1_000;
  private long forgotten = version;

  long version() {
    return version;
  }

  long nextVersion() {
    return ++version;
  }

  /** The newest version whose change is no longer known. */
  long forgotten() {
    return forgotten;
  }

  @Nullable Stored get(ResourceType type, String namespace, String name) {
    TreeMap<String, TreeMap<String, Stored>> table = tables.get(type.key());
    TreeMap<String, Stored> row = table == null ? null : table.get(namespace);
    return row == null ? null : row.get(name);
  }

  /** Lists in the order of namespace and name; an empty namespace means all. */
  List<Stored> list(ResourceType type, String namespace) {
    TreeMap<String, TreeMap<String, Stored>> table = tables.get(type.key());
    if (table == null) {
      return List.of();
    }
    if (type.namespaced() && !namespace.isEmpty()) {
      TreeMap<String, Stored> row = table.get(namespace);
      return row == null ? List.of() : new ArrayList<>(row.values());
    }
    List<Stored> all = new ArrayList<>();
    table.values().forEach(row -> all.addAll(row.values()));
    return all;
  }

  /** Everything in a namespace, of every kind. */
  List<Stored> inNamespace(String namespace) {
    List<Stored> all = new ArrayList<>();
    for (TreeMap<String, TreeMap<String, Stored>> table : tables.values()) {
      TreeMap<String, Stored> row = namespace.isEmpty() ? null : table.get(namespace);
      if (row != null) {
        all.addAll(row.values());
      }
    }
    return all;
  }

  @Nullable Stored byUid(String uid) {
    return byUid.get(uid);
  }

  Collection<Stored> dependentsOf(String uid) {
    return List.copyOf(dependents.getOrDefault(uid, Set.of()));
  }

  /** Stores an object and remembers the change. */
  Change put(Stored object) {
    TreeMap<String, Stored> row =
        tables
            .computeIfAbsent(object.type.key(), key -> new TreeMap<>())
            .computeIfAbsent(object.namespace, key -> new TreeMap<>());
    Stored before = row.put(object.name, object);
    if (before != null) {
      unlink(before);
    }
    byUid.put(object.uid, object);
    for (String owner : owners(object)) {
      dependents.computeIfAbsent(owner, key -> new LinkedHashSet<>()).add(object);
    }
    return remember(new Change(object.version, before, object));
  }

  /** Removes an object and remembers the change, under a version of its own. */
  Change remove(Stored object) {
    TreeMap<String, TreeMap<String, Stored>> table = tables.get(object.type.key());
    TreeMap<String, Stored> row = table == null ? null : table.get(object.namespace);
    if (row != null) {
      row.remove(object.name);
    }
    unlink(object);
    byUid.remove(object.uid);
    return remember(new Change(nextVersion(), object, null));
  }

  /** The changes after a version, oldest first. */
  List<Change> since(long after) {
    List<Change> changes = new ArrayList<>();
    for (Change change : history) {
      if (change.version() > after) {
        changes.add(change);
      }
    }
    return changes;
  }

  void forgetHistory() {
    history.clear();
    forgotten = version;
  }

  void clear() {
    tables.clear();
    dependents.clear();
    byUid.clear();
    forgetHistory();
  }

  static List<String> owners(Stored object) {
    List<String> uids = new ArrayList<>();
    for (Object reference : Json.list(object.metadata(), "ownerReferences")) {
      if (reference instanceof Map<?, ?> map) {
        uids.add(Json.text(Json.tree(map), "uid"));
      }
    }
    return uids;
  }

  private void unlink(Stored object) {
    for (String owner : owners(object)) {
      Set<Stored> linked = dependents.get(owner);
      if (linked != null && linked.remove(object) && linked.isEmpty()) {
        dependents.remove(owner);
      }
    }
  }

  private Change remember(Change change) {
    history.addLast(change);
    if (history.size() > HISTORY) {
      forgotten = history.removeFirst().version();
    }
    return change;
  }
}
