package dev.migrator.examples.commandline;

/** A plan file, or what it says about the clusters, cannot be used; nothing was written. */
final class PlanFileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Says which field is wrong.
   *
   * @param field where it is, such as {@code vms[1].source.name}; empty for the file as a whole
   * @param matter what is the matter with it
   */
  PlanFileException(String field, String matter) {
    super(field.isEmpty() ? matter : field + ": " + matter);
  }
}
