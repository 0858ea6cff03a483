package dev.migrator.kubevirt;

import dev.migrator.model.Completion;
import dev.migrator.model.Failure;
import dev.migrator.model.ObjectRef;
import dev.migrator.model.Progress;
import dev.migrator.model.Side;
import dev.migrator.model.StepState;
import dev.migrator.model.StepStatus;
import dev.migrator.model.VmRef;
import dev.migrator.model.VmState;
import dev.migrator.model.VmStatus;
import dev.migrator.model.Waiting;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a status as JSON text and reads it again; pure.
 *
 * <p>What is absent in a status is absent in the text. Any change of what is written, be it one
 * more field, is a new {@link #FORMAT}: an older release that does not know it would drop it at its
 * next save, so it must refuse instead. Older formats stay readable.
 *
 * @param serialization turns plain maps into text and back
 */
record StatusCodec(KubernetesSerialization serialization) {

  /** The format that is written, and the newest that is read. */
  static final int FORMAT = 1;

  private static final String FORMAT_FIELD = "formatVersion";

  /** The text of a status. */
  String encode(VmStatus status) {
    return serialization.asJson(map(status));
  }

  /**
   * The status of a text.
   *
   * @throws IllegalArgumentException when the text is of a newer format, or is no status; the
   *     message is for people and says nothing of the content
   */
  VmStatus decode(String text) {
    Object tree;
    try {
      tree = serialization.unmarshal(text, Object.class);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("it is no JSON", e);
    }
    if (!(tree instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException("it is no JSON object");
    }
    JsonFields fields = JsonFields.of(map);
    long format = fields.number(FORMAT_FIELD);
    if (format > FORMAT) {
      throw new IllegalArgumentException(
          "its format is "
              + format
              + ", and this release of the library reads up to "
              + FORMAT
              + "; use the release that wrote it, or a newer one");
    }
    if (format < 1) {
      throw new IllegalArgumentException("there is no format " + format);
    }
    return status(fields);
  }

  private static Map<String, Object> map(VmStatus status) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(FORMAT_FIELD, FORMAT);
    map.put("plan", status.plan());
    map.put("run", status.run());
    map.put("vm", map(status.vm()));
    map.put("version", status.version());
    map.put("state", status.state().name());
    map.put("phases", status.phases());
    put(map, "phase", status.phase());
    put(map, "entered", status.entered());
    map.put("attempts", status.attempts());
    put(map, "due", status.due());
    put(map, "waiting", map(status.waiting()));
    map.put("steps", status.steps().stream().map(StatusCodec::map).toList());
    map.put("facts", new TreeMap<>(status.facts()));
    map.put("ledger", status.ledger().stream().map(StatusCodec::map).toList());
    put(map, "handedOver", status.handedOver());
    put(map, "completion", status.completion());
    put(map, "failure", map(status.failure()));
    map.put("warnings", status.warnings());
    return map;
  }

  private static VmStatus status(JsonFields from) {
    return VmStatus.builder(from.text("plan"), from.text("run"), vm(from.child("vm")))
        .version(from.number("version"))
        .state(from.constant("state", VmState.class))
        .phases(from.texts("phases"))
        .phase(from.optionalText("phase"))
        .entered(from.optionalInstant("entered"))
        .attempts(Math.toIntExact(from.number("attempts")))
        .due(from.optionalInstant("due"))
        .waiting(waiting(from.optionalChild("waiting")))
        .steps(from.children("steps").stream().map(StatusCodec::step).toList())
        .facts(from.textMap("facts"))
        .ledger(from.children("ledger").stream().map(StatusCodec::object).toList())
        .handedOver(from.optionalInstant("handedOver"))
        .completion(from.optionalConstant("completion", Completion.class))
        .failure(failure(from.optionalChild("failure")))
        .warnings(from.texts("warnings"))
        .build();
  }

  private static Map<String, Object> map(VmRef vm) {
    return Map.of("namespace", vm.namespace(), "name", vm.name());
  }

  private static VmRef vm(JsonFields from) {
    return new VmRef(from.text("namespace"), from.text("name"));
  }

  private static @Nullable Map<String, Object> map(@Nullable Waiting waiting) {
    if (waiting == null) {
      return null;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", waiting.name());
    map.put("reason", waiting.reason());
    put(map, "since", waiting.since());
    put(map, "progress", map(waiting.progress()));
    put(map, "progressed", waiting.progressed());
    return map;
  }

  private static @Nullable Waiting waiting(@Nullable JsonFields from) {
    return from == null
        ? null
        : new Waiting(
            from.text("name"),
            from.text("reason"),
            from.instant("since"),
            progress(from.optionalChild("progress")),
            from.instant("progressed"));
  }

  private static @Nullable Map<String, Object> map(@Nullable Progress progress) {
    if (progress == null) {
      return null;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("completed", progress.completed());
    map.put("total", progress.total());
    map.put("unit", progress.unit());
    return map;
  }

  private static @Nullable Progress progress(@Nullable JsonFields from) {
    return from == null
        ? null
        : new Progress(from.number("completed"), from.number("total"), from.text("unit"));
  }

  private static Map<String, Object> map(StepStatus step) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", step.name());
    map.put("state", step.state().name());
    put(map, "progress", map(step.progress()));
    map.put("message", step.message());
    put(map, "started", step.started());
    put(map, "ended", step.ended());
    return map;
  }

  private static StepStatus step(JsonFields from) {
    return new StepStatus(
        from.text("name"),
        from.constant("state", StepState.class),
        progress(from.optionalChild("progress")),
        from.text("message"),
        from.optionalInstant("started"),
        from.optionalInstant("ended"));
  }

  private static Map<String, Object> map(ObjectRef object) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("side", object.side().name());
    map.put("apiVersion", object.apiVersion());
    map.put("kind", object.kind());
    map.put("namespace", object.namespace());
    map.put("name", object.name());
    map.put("uid", object.uid());
    return map;
  }

  private static ObjectRef object(JsonFields from) {
    return new ObjectRef(
        from.constant("side", Side.class),
        from.text("apiVersion"),
        from.text("kind"),
        from.text("namespace"),
        from.text("name"),
        from.text("uid"));
  }

  private static @Nullable Map<String, Object> map(@Nullable Failure failure) {
    if (failure == null) {
      return null;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    put(map, "phase", failure.phase());
    map.put("code", failure.code());
    map.put("message", failure.message());
    map.put("count", failure.count());
    put(map, "first", failure.first());
    put(map, "last", failure.last());
    put(map, "cause", map(failure.cause()));
    return map;
  }

  private static @Nullable Failure failure(@Nullable JsonFields from) {
    return from == null
        ? null
        : new Failure(
            from.optionalText("phase"),
            from.text("code"),
            from.text("message"),
            Math.toIntExact(from.number("count")),
            from.instant("first"),
            from.instant("last"),
            failure(from.optionalChild("cause")));
  }

  /** Text and trees as they are, instants and constants spelled out; nothing for null. */
  private static void put(Map<String, Object> map, String key, @Nullable Object value) {
    if (value != null) {
      boolean tree = value instanceof Map || value instanceof List;
      map.put(key, tree ? value : value.toString());
    }
  }
}
