//! The `{{#with x}}` helper: renders its block with `x`, or nothing if `x` is absent.
//!
//! In strict mode, the library's helper rejects an absent value. This one rejects only a name that
//! the view does not have.

use handlebars::{
    BlockContext, Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext,
    RenderError, RenderErrorReason, Renderable as _,
};

/// The helper.
#[derive(Clone, Copy)]
pub(super) struct With;

impl HelperDef for With {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        state: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let missing = RenderErrorReason::ParamNotFoundForIndex("with", 0);
        let param = helper.param(0).ok_or(missing)?;
        if param.is_value_missing() {
            return Err(RenderError::strict_error(param.relative_path()));
        }
        if param.value().is_null() {
            return Ok(());
        }
        let mut block = BlockContext::new();
        match param.context_path() {
            Some(path) => block.base_path_mut().clone_from(path),
            None => block.set_base_value(param.value().clone()),
        }
        state.push_block(block);
        let result = match helper.template() {
            Some(template) => template.render(registry, context, state, out),
            None => Ok(()),
        };
        state.pop_block();
        result
    }
}
