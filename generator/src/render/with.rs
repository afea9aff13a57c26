//! `{{#with x}}`: what stands in it is printed of `x`, and not at all where `x` is absent.
//!
//! The helper of the library takes an absent value for a mistake in strict mode. Here only a name
//! that the view does not have is one.

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
