//! Plots points with a fitted line, as SVG.

use std::fmt::Write as _;

/// Line `offset + slope · x`, and the share of the variance that it explains.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fit {
    pub(crate) offset: f64,
    pub(crate) slope: f64,
    /// 1 if all points are on the line.
    pub(crate) r2: f64,
}

/// A plot.
pub(crate) struct Panel {
    title: String,
    unit: &'static str,
    points: Vec<(f64, f64)>,
    pub(crate) fit: Option<Fit>,
}

impl Panel {
    pub(crate) fn new(title: String, unit: &'static str, points: Vec<(f64, f64)>) -> Self {
        let fit = Fit::of(&points);
        Self { title, unit, points, fit }
    }
}

impl Fit {
    /// Returns the least squares fit; `None` for fewer than two distinct positions.
    pub(crate) fn of(points: &[(f64, f64)]) -> Option<Self> {
        let count = points.len() as f64;
        let mean = |pick: fn(&(f64, f64)) -> f64| points.iter().map(pick).sum::<f64>() / count;
        let (mx, my) = (mean(|p| p.0), mean(|p| p.1));
        let xx: f64 = points.iter().map(|(x, _)| (x - mx).powi(2)).sum();
        let xy: f64 = points.iter().map(|(x, y)| (x - mx) * (y - my)).sum();
        if xx <= 0.0 {
            return None;
        }
        let slope = xy / xx;
        let offset = my - slope * mx;
        let rest: f64 = points.iter().map(|(x, y)| (y - offset - slope * x).powi(2)).sum();
        let all: f64 = points.iter().map(|(_, y)| (y - my).powi(2)).sum();
        Some(Self { offset, slope, r2: if all > 0.0 { 1.0 - rest / all } else { 1.0 } })
    }

    /// Formats the line as a formula.
    pub(crate) fn words(&self, unit: &str) -> String {
        format!("{:.2} + {:.2} {unit} for each 1,000 schemas", self.offset, self.slope * 1000.0)
    }
}

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 56.0;
const BOTTOM: f64 = 36.0;
const TOP: f64 = 30.0;
const RIGHT: f64 = 16.0;

/// Renders all panels, two per row.
pub(crate) fn svg(panels: &[Panel]) -> String {
    let rows = panels.len().div_ceil(2) as f64;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        WIDTH * 2.0,
        HEIGHT * rows
    );
    for (index, panel) in panels.iter().enumerate() {
        let (x, y) = ((index % 2) as f64 * WIDTH, (index / 2) as f64 * HEIGHT);
        let _ = writeln!(out, "<g transform=\"translate({x} {y})\">");
        draw(&mut out, panel);
        out.push_str("</g>\n");
    }
    out + "</svg>\n"
}

fn draw(out: &mut String, panel: &Panel) {
    let top = |pick: fn(&(f64, f64)) -> f64| panel.points.iter().map(pick).fold(0.0, f64::max);
    let (most_x, most_y) = (round_up(top(|p| p.0)), round_up(top(|p| p.1)));
    let x = |value: f64| LEFT + value / most_x * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| HEIGHT - BOTTOM - value / most_y * (HEIGHT - TOP - BOTTOM);
    let _ = writeln!(
        out,
        "<text x=\"{LEFT}\" y=\"18\" font-weight=\"bold\">{} ({})</text>",
        panel.title, panel.unit
    );
    for step in 0..=4 {
        let part = f64::from(step) / 4.0;
        let (at_x, at_y) = (x(most_x * part), y(most_y * part));
        let _ = writeln!(
            out,
            "<path d=\"M{LEFT} {at_y:.1}H{:.1}\" stroke=\"#ddd\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\
             <text x=\"{at_x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            at_y + 4.0,
            short(most_y * part),
            HEIGHT - BOTTOM + 16.0,
            short(most_x * part),
        );
    }
    if let Some(fit) = panel.fit {
        let end = fit.offset + fit.slope * most_x;
        let _ = writeln!(
            out,
            "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"#c33\" stroke-width=\"1.5\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#c33\">r² = {:.4}</text>",
            x(0.0),
            y(fit.offset),
            x(most_x),
            y(end),
            WIDTH - RIGHT,
            HEIGHT - BOTTOM - 6.0,
            fit.r2,
        );
    }
    for (at, value) in &panel.points {
        let _ = writeln!(
            out,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\" fill=\"#246\"/>",
            x(*at),
            y(*value)
        );
    }
}

/// Rounds up to 1, 2, 2.5, 5, or 10 times a power of ten.
fn round_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(value.log10().floor());
    let steps = [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    steps
        .iter()
        .map(|step| step * power)
        .find(|bound| *bound >= value * 0.999)
        .unwrap_or(10.0 * power)
}

fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_fitted_and_curves_have_a_low_r2() {
        let line = Fit::of(&[(1.0, 3.0), (2.0, 5.0), (10.0, 21.0)]);
        assert!(line.is_some_and(|f| (f.slope - 2.0).abs() < 1e-9
            && (f.offset - 1.0).abs() < 1e-9
            && f.r2 > 0.999));
        let curve: Vec<(f64, f64)> = (0..10).map(|x| (f64::from(x), f64::from(x * x))).collect();
        assert!(Fit::of(&curve).is_some_and(|f| f.r2 < 0.95));
        assert!(Fit::of(&[(1.0, 1.0)]).is_none());
    }

    #[test]
    fn axes_end_on_round_numbers() {
        for (value, bound) in [(0.0, 1.0), (7.3, 8.0), (1000.0, 1000.0), (0.034, 0.04)] {
            assert!((round_up(value) - bound).abs() < 1e-9, "{value}");
        }
    }
}
