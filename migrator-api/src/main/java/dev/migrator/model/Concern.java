package dev.migrator.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One finding of a validation, as data: nothing was written when it was made.
 *
 * @param code a stable identifier in upper camel case, such as {@code SharedDisk}
 * @param severity how much it weighs
 * @param vm the virtual machine that it is about, or null when it is about the plan
 * @param subject the object or field that it is about, such as {@code Secret demo/cloud-init}
 * @param message what is the matter; never the value of a secret
 * @param remedy what a person can do about it
 */
public record Concern(
    String code,
    Severity severity,
    @Nullable VmRef vm,
    String subject,
    String message,
    String remedy) {

  public Concern {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(remedy, "remedy");
  }

  /** Whether this concern keeps the migration from starting. */
  public boolean isCritical() {
    return severity == Severity.CRITICAL;
  }

  /** One line for people: severity, code, subject, message, remedy. */
  public String describe() {
    String about = vm == null ? subject : vm + ": " + subject;
    return severity + " " + code + " (" + about + "): " + message + " " + remedy;
  }
}
