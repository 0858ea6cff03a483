package dev.migrator.model;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a virtual machine is moved. */
public enum MigrationType {
  /** The machine is stopped, copied and started. */
  COLD,
  /** Disks are copied while it runs; it is stopped for the last difference. */
  WARM,
  /** It runs all the time. */
  LIVE;

  /**
   * What {@link #resolve} found.
   *
   * @param type the type that is in force
   * @param warning a contradiction between the two fields of the plan, or null
   */
  public record Resolution(MigrationType type, @Nullable Concern warning) {

    /** The contradiction between the plan's two fields, if there is one. */
    public Optional<Concern> contradiction() {
      return Optional.ofNullable(warning);
    }
  }

  /**
   * Decides the type of a plan; the only place that does.
   *
   * <p>The optional string wins over the boolean when it is set. A plan that says nothing behaves
   * as plans always did: warm when the boolean is true, else cold. {@code warm: true} beside
   * another type is a contradiction and reported as a warning; {@code warm: false} is the absence
   * of a statement and contradicts nothing.
   *
   * @param type the plan's type in any letter case, or null or blank when it is not set
   * @param warm the plan's older boolean
   * @return the type and, perhaps, a warning
   * @throws IllegalArgumentException when the type is none of this enum's names
   */
  public static Resolution resolve(@Nullable String type, boolean warm) {
    if (type == null || type.isBlank()) {
      return new Resolution(warm ? WARM : COLD, null);
    }
    MigrationType resolved = parse(type);
    if (!warm || resolved == WARM) {
      return new Resolution(resolved, null);
    }
    return new Resolution(
        resolved,
        new Concern(
            "MigrationTypeContradiction",
            Severity.WARNING,
            null,
            "type",
            "The plan says type '" + resolved.id() + "' and warm: true; the type wins.",
            "Remove warm from the plan."));
  }

  /** The spelling used in plans: lower case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static MigrationType parse(String type) {
    for (MigrationType candidate : values()) {
      if (candidate.name().equalsIgnoreCase(type.strip())) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(
        "Unknown migration type '"
            + Identifiers.shown(type)
            + "'; use one of cold, warm, live, or leave it out.");
  }
}
