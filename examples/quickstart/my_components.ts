import { AssetKey } from "@dagster-rocky/dagster";
import { type ModelDetail, RockyComponent, RockyDagsterTranslator } from "@dagster-rocky/dagster-rocky";

/** Which copied table each staging model cleans up. */
const cleans: Readonly<Record<string, AssetKey>> = {
  stg_customers: AssetKey.of("duckdb", "crm", "customers"),
  stg_orders: AssetKey.of("duckdb", "web", "orders"),
  stg_order_items: AssetKey.of("duckdb", "web", "order_items"),
  stg_page_views: AssetKey.of("duckdb", "web", "page_views"),
};

/** Groups models by their layer and draws the line from each staging model to the table it reads. */
class ShopTranslator extends RockyDagsterTranslator {
  override getModelGroupName(model: ModelDetail): string {
    return model.tags.layer ?? super.getModelGroupName(model);
  }

  override getModelAssetDeps(model: ModelDetail): readonly AssetKey[] {
    const table = cleans[model.name];
    return table ? [table] : [];
  }
}

/** `type: my_components.ShopComponent` in defs.yaml names this class. */
export const ShopComponent = RockyComponent.extend({ translator: new ShopTranslator() });
