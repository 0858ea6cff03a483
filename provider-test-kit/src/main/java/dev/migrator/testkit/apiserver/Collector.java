package dev.migrator.testkit.apiserver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the controller manager does after a deletion: dependents of owners that are gone go too,
 * orphans lose their references, foreground deletions end, terminating namespaces are emptied.
 *
 * <p>Works through its list when asked to, each step an ordinary write that watches see.
 */
final class Collector {

  private static final Caller CALLER = Caller.controller("generic-garbage-collector");

  private final Core core;
  private final Removal removal;
  private final Deque<String> suspects = new ArrayDeque<>();
  private final Deque<String> gone = new ArrayDeque<>();
  private final Deque<String> marked = new ArrayDeque<>();
  private final Set<String> terminating = new TreeSet<>();
  boolean enabled = true;

  Collector(Core core) {
    this.core = core;
    this.removal = new Removal(core, this);
  }

  Removal removal() {
    return removal;
  }

  /** Notes an object whose owners may not exist. */
  void written(Stored stored) {
    if (!Storage.owners(stored).isEmpty()) {
      suspects.add(stored.uid);
    }
  }

  void removed(Stored stored) {
    gone.add(stored.uid);
    for (String owner : Storage.owners(stored)) {
      marked.add(owner); // it may have waited for this one
    }
  }

  void marked(Stored stored) {
    marked.add(stored.uid);
    if (stored.type.is("", "namespaces")) {
      terminating.add(stored.name);
    }
  }

  void clear() {
    suspects.clear();
    gone.clear();
    marked.clear();
    terminating.clear();
  }

  /** Works until nothing is left to do; called with the storage locked. */
  void run() {
    boolean progress = true;
    while (progress) {
      progress = false;
      for (String uid = gone.poll(); uid != null; uid = gone.poll()) {
        core.storage.dependentsOf(uid).forEach(dependent -> suspects.add(dependent.uid));
        progress = true;
      }
      for (String uid = suspects.poll(); uid != null; uid = suspects.poll()) {
        judge(uid);
        progress = true;
      }
      for (String uid = marked.poll(); uid != null; uid = marked.poll()) {
        finish(uid);
        progress = true;
      }
      progress |= emptyNamespaces();
    }
  }

  private void judge(String uid) {
    Stored stored = core.storage.byUid(uid);
    if (stored == null || stored.isBeingDeleted()) {
      return;
    }
    List<String> owners = Storage.owners(stored);
    if (!owners.isEmpty()
        && owners.stream().noneMatch(owner -> core.storage.byUid(owner) != null)) {
      removal.deleteAs(CALLER, stored);
    }
  }

  private void finish(String uid) {
    Stored stored = core.storage.byUid(uid);
    if (stored == null || !stored.isBeingDeleted()) {
      return;
    }
    if (stored.finalizers().contains("orphan")) {
      core.storage.dependentsOf(uid).forEach(dependent -> disown(dependent, uid));
      dropFinalizer(stored, "orphan");
    } else if (stored.finalizers().contains("foregroundDeletion")) {
      boolean waits = false;
      for (Stored dependent : core.storage.dependentsOf(uid)) {
        if (!dependent.isBeingDeleted()) {
          removal.deleteAs(CALLER, dependent);
        }
        waits |= blocks(dependent, uid) && core.storage.byUid(dependent.uid) != null;
      }
      if (!waits) {
        dropFinalizer(stored, "foregroundDeletion");
      }
    }
  }

  private static boolean blocks(Stored dependent, String owner) {
    return Json.list(dependent.metadata(), "ownerReferences").stream()
        .filter(Map.class::isInstance)
        .map(Json::tree)
        .anyMatch(
            reference ->
                Json.text(reference, "uid").equals(owner)
                    && Boolean.TRUE.equals(reference.get("blockOwnerDeletion")));
  }

  private void disown(Stored dependent, String owner) {
    Map<String, Object> tree = Json.copyTree(dependent.tree);
    Map<String, Object> metadata = Json.ensureMap(tree, "metadata");
    List<Object> left =
        Json.list(metadata, "ownerReferences").stream()
            .filter(each -> !Json.text(Json.tree(each), "uid").equals(owner))
            .toList();
    Json.set(metadata, "ownerReferences", left.isEmpty() ? null : left);
    core.put(dependent.type, tree);
  }

  private void dropFinalizer(Stored stored, String finalizer) {
    Map<String, Object> tree = Json.copyTree(stored.tree);
    List<Object> left =
        stored.finalizers().stream().filter(each -> !each.equals(finalizer)).toList();
    Json.set(Json.ensureMap(tree, "metadata"), "finalizers", left.isEmpty() ? null : left);
    if (removal.isLastStep(stored.type, tree)) {
      removal.remove(stored);
    } else {
      core.put(stored.type, tree);
    }
  }

  private boolean emptyNamespaces() {
    ResourceType namespaces = Bodies.require(core.types.find("", "v1", "namespaces"));
    boolean progress = false;
    for (String name : List.copyOf(terminating)) {
      for (Stored stored : core.storage.inNamespace(name)) {
        if (!stored.isBeingDeleted()) {
          removal.deleteAs(CALLER, stored);
          progress = true;
        }
      }
      Stored namespace = core.storage.get(namespaces, "", name);
      if (namespace == null || core.storage.inNamespace(name).isEmpty()) {
        terminating.remove(name);
        if (namespace != null) {
          removal.remove(namespace);
          progress = true;
        }
      }
    }
    return progress;
  }
}
