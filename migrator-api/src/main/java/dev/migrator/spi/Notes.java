package dev.migrator.spi;

import dev.migrator.model.ObjectRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a phase wants written into the status together with its outcome; saved before anything else
 * is done.
 *
 * <p>Immutable: each method returns a changed copy.
 *
 * @param facts what to remember, by key; replaces equal keys
 * @param created objects that exist now and are ours: entered in the ledger
 * @param removed objects that were seen to be gone: struck from the ledger
 * @param handedOver whether the guest is known to have moved; never taken back
 * @param warnings what a person should know about a success
 */
public record Notes(
    Map<String, String> facts,
    List<ObjectRef> created,
    List<ObjectRef> removed,
    boolean handedOver,
    List<String> warnings) {

  private static final Notes NONE = new Notes(Map.of(), List.of(), List.of(), false, List.of());

  public Notes {
    facts = Map.copyOf(facts);
    created = List.copyOf(created);
    removed = List.copyOf(removed);
    warnings = List.copyOf(warnings);
  }

  /** Nothing to write down. */
  public static Notes none() {
    return NONE;
  }

  /** Whether there is nothing to write down. */
  public boolean isEmpty() {
    return facts.isEmpty()
        && created.isEmpty()
        && removed.isEmpty()
        && !handedOver
        && warnings.isEmpty();
  }

  /** Adds a fact. */
  public Notes fact(String key, String value) {
    return facts(Map.of(key, value));
  }

  /** Adds facts. */
  public Notes facts(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(facts);
    all.putAll(more);
    return new Notes(all, created, removed, handedOver, warnings);
  }

  /** Adds objects that exist now. */
  public Notes created(List<ObjectRef> more) {
    return new Notes(facts, append(created, more), removed, handedOver, warnings);
  }

  /** Adds an object that exists now. */
  public Notes created(ObjectRef object) {
    return created(List.of(object));
  }

  /** Adds objects that are gone. */
  public Notes removed(List<ObjectRef> more) {
    return new Notes(facts, created, append(removed, more), handedOver, warnings);
  }

  /** Adds an object that is gone. */
  public Notes removed(ObjectRef object) {
    return removed(List.of(object));
  }

  /** States that the guest has moved: the point of no return. */
  public Notes withHandOver() {
    return new Notes(facts, created, removed, true, warnings);
  }

  /** Adds a warning. */
  public Notes warning(String warning) {
    return new Notes(facts, created, removed, handedOver, append(warnings, List.of(warning)));
  }

  /** Adds everything of another; its facts win. */
  public Notes and(Notes other) {
    return new Notes(
        facts(other.facts).facts,
        append(created, other.created),
        append(removed, other.removed),
        handedOver || other.handedOver,
        append(warnings, other.warnings));
  }

  private static <T> List<T> append(List<T> some, List<T> more) {
    List<T> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }
}
