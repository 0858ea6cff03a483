package dev.migrator.testkit.apiserver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** DELETE of one object or of a collection, and what follows from finalizers. */
final class Removal {

  private static final String FOREGROUND = "foregroundDeletion";
  private static final String ORPHAN = "orphan";

  private final Core core;
  private final Collector collector;

  Removal(Core core, Collector collector) {
    this.core = core;
    this.collector = collector;
  }

  Answer delete(ApiRequest request, ResourceType type, Call call) {
    Options options = Options.of(call, request.dryRun());
    Stored stored = core.storage.get(type, request.namespace(), request.name());
    if (stored == null) {
      throw ApiException.notFound(type, request.name());
    }
    Bodies.checkPreconditions(stored, options.preconditions(), true);
    Stored left = deleteOne(stored, options, call.caller());
    if (left != null) {
      return Answer.json(200, left.json(request.version()));
    }
    return Answer.json(200, Json.write(success(stored)));
  }

  Answer deleteCollection(
      ApiRequest request, ResourceType type, Predicate<Map<String, Object>> selection, Call call) {
    Options options = Options.of(call, request.dryRun());
    List<Object> deleted = new ArrayList<>();
    for (Stored stored : core.storage.list(type, request.namespace())) {
      if (selection.test(stored.tree)) {
        deleted.add(stored.tree);
        deleteOne(stored, options, call.caller());
      }
    }
    return Answer.json(200, Json.write(Reads.listOf(core, type, request.version(), deleted)));
  }

  /** Deletes as the garbage collector does. */
  void deleteAs(Caller caller, Stored stored) {
    deleteOne(stored, Options.BACKGROUND, caller);
  }

  /** Whether an object that was written like this goes away by it. */
  boolean isLastStep(ResourceType type, Map<String, Object> tree) {
    Map<String, Object> metadata = Json.metadata(tree);
    return metadata.containsKey("deletionTimestamp")
        && Json.list(metadata, "finalizers").isEmpty()
        && Json.text(metadata, "deletionGracePeriodSeconds").equals("0")
        && !type.is("", "namespaces");
  }

  void remove(Stored stored) {
    core.remove(stored);
    collector.removed(stored);
  }

  /** Returns what is left of it, or null when it is gone. */
  private @Nullable Stored deleteOne(Stored stored, Options options, Caller caller) {
    core.review(Verb.DELETE, stored.type, "", null, stored, options.dryRun(), caller);
    long grace = grace(stored, options);
    List<Object> finalizers = new ArrayList<>(stored.finalizers());
    if (!stored.isBeingDeleted()) {
      addPropagation(finalizers, propagation(stored.type, options));
    }
    boolean stays = !finalizers.isEmpty() || grace > 0 || stored.type.is("", "namespaces");
    if (options.dryRun()) {
      return stays ? stored : null;
    }
    if (!stays) {
      remove(stored);
      return null;
    }
    Stored left = mark(stored, finalizers, grace);
    collector.marked(left);
    Stored now = core.storage.get(left.type, left.namespace, left.name);
    return now != null && now.uid.equals(left.uid) ? now : left;
  }

  private Stored mark(Stored stored, List<Object> finalizers, long grace) {
    Object before = stored.metadata().get("deletionGracePeriodSeconds");
    boolean sooner = before instanceof Number number && grace < number.longValue();
    if (stored.isBeingDeleted() && !sooner) {
      return stored;
    }
    Map<String, Object> tree = Json.copyTree(stored.tree);
    Map<String, Object> metadata = Json.ensureMap(tree, "metadata");
    metadata.put("deletionGracePeriodSeconds", grace);
    metadata.put("deletionTimestamp", Core.timestamp(core.clock.instant().plusSeconds(grace)));
    if (!finalizers.isEmpty()) {
      metadata.put("finalizers", finalizers);
    }
    if (stored.type.countsGenerations()) {
      Object generation = metadata.getOrDefault("generation", 1L);
      metadata.put("generation", ((Number) generation).longValue() + 1);
    }
    if (stored.type.is("", "namespaces")) {
      Json.ensureMap(tree, "status").put("phase", "Terminating");
    }
    return core.put(stored.type, tree);
  }

  /** Jobs leave their pods behind unless they are told otherwise: an old promise of batch/v1. */
  private static String propagation(ResourceType type, Options options) {
    return options.propagation().isEmpty() && type.is("batch", "jobs")
        ? "Orphan"
        : options.propagation();
  }

  private void addPropagation(List<Object> finalizers, String propagation) {
    if (propagation.equals("Foreground") && !finalizers.contains(FOREGROUND)) {
      finalizers.add(FOREGROUND);
    } else if (propagation.equals("Orphan") && !finalizers.contains(ORPHAN)) {
      finalizers.add(ORPHAN);
    }
  }

  /** Only pods that run somewhere get time: their kubelet finishes the deletion. */
  private static long grace(Stored stored, Options options) {
    if (!stored.type.is("", "pods")) {
      return 0;
    }
    Map<String, Object> spec = Json.map(stored.tree, "spec");
    String phase = Json.text(Json.map(stored.tree, "status"), "phase");
    if (Json.text(spec, "nodeName").isEmpty()
        || phase.equals("Succeeded")
        || phase.equals("Failed")) {
      return 0;
    }
    if (options.grace() >= 0) {
      return options.grace();
    }
    return spec.get("terminationGracePeriodSeconds") instanceof Number number
        ? number.longValue()
        : 30;
  }

  private static Map<String, Object> success(Stored stored) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("name", stored.name);
    if (!stored.type.group().isEmpty()) {
      details.put("group", stored.type.group());
    }
    details.put("kind", stored.type.plural());
    details.put("uid", stored.uid);
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("kind", "Status");
    status.put("apiVersion", "v1");
    status.put("metadata", Map.of());
    status.put("status", "Success");
    status.put("details", details);
    return status;
  }

  /**
   * DeleteOptions, from body and query.
   *
   * @param preconditions uid and resourceVersion, where given
   * @param propagation {@code Background}, {@code Foreground}, {@code Orphan} or empty
   * @param grace seconds, negative where not given
   */
  private record Options(
      Map<String, Object> preconditions, String propagation, long grace, boolean dryRun) {

    private static final Set<String> POLICIES = Set.of("", "Background", "Foreground", "Orphan");

    static final Options BACKGROUND = new Options(Map.of(), "Background", -1, false);

    static Options of(Call call, boolean dryRun) {
      Map<String, Object> body = call.body().isBlank() ? Map.of() : Json.parse(call.body());
      String propagation = text(body, call, "propagationPolicy");
      if (propagation.isEmpty() && text(body, call, "orphanDependents").equals("true")) {
        propagation = "Orphan";
      }
      if (!POLICIES.contains(propagation)) {
        throw ApiException.invalidOptions("propagationPolicy: Unsupported value: " + propagation);
      }
      String grace = text(body, call, "gracePeriodSeconds");
      if (!grace.matches("[0-9]{0,9}")) {
        throw ApiException.badRequest("gracePeriodSeconds: " + grace + " is not a number");
      }
      return new Options(
          Json.map(body, "preconditions"),
          propagation,
          grace.isEmpty() ? -1 : Long.parseLong(grace),
          dryRun || Json.list(body, "dryRun").contains("All"));
    }

    private static String text(Map<String, Object> body, Call call, String field) {
      String inBody = Json.text(body, field);
      return inBody.isEmpty() ? call.parameter(field) : inBody;
    }
  }
}
