package dev.migrator.examples.commandline;

import dev.migrator.core.Limits;
import dev.migrator.model.MigrationPlan;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a plan file says.
 *
 * @param plan the plan, without the addresses of its clusters
 * @param source how to reach the source
 * @param target how to reach the target
 * @param statusNamespace the namespace on the source that keeps statuses, hooks and cancels
 * @param limits how many machines may be on their way at a time
 */
record PlanFile(
    MigrationPlan plan, Access source, Access target, String statusNamespace, Limits limits) {

  /**
   * How to reach a cluster.
   *
   * @param field the field of the plan file that says it
   * @param kubeconfig the file, or null for what {@code kubectl} would use
   * @param context the context in it, or null for its current one
   */
  record Access(String field, @Nullable Path kubeconfig, @Nullable String context) {}

  /**
   * Reads a plan file.
   *
   * @param file the file; kubeconfigs that it names are looked for beside it
   * @throws PlanFileException when it cannot be read, or says what nobody understands
   */
  static PlanFile read(Path file) {
    @Nullable Object content;
    try {
      String text = Files.readString(file);
      content = text.isBlank() ? null : new KubernetesSerialization().unmarshal(text, Object.class);
    } catch (IOException e) {
      throw new PlanFileException("", "The plan file " + file + " cannot be read: " + e);
    } catch (ClassCastException e) {
      throw new PlanFileException("", file + " is more than one YAML document");
    } catch (RuntimeException e) {
      throw new PlanFileException("", file + " is no YAML: " + e.getMessage());
    }
    if (content == null) {
      throw new PlanFileException("", file + " is empty");
    }
    return new Fields.Node("", content).fields(new PlanReader(file)::read);
  }
}
